//! A report as Markdown, ready to be pasted into an issue tracker.

use core::fmt::{self, Display, Write};

use super::{BugReport, DifferenceLine, Fate};
use crate::snapshot::{OriginTitle, StateCell, Tone};

impl BugReport {
    /// The report as Markdown. `page` is the address of the page without its fragment, for the links.
    pub fn markdown(&self, page: &str) -> String {
        let mut text = String::new();
        self.write(&mut text, page).expect("a string takes all that is written");
        text
    }

    fn write(&self, text: &mut String, page: &str) -> fmt::Result {
        writeln!(text, "# {}\n", self.bug.title)?;
        writeln!(text, "{}\n", self.bug.sentence)?;
        writeln!(text, "Seen in {}.", Origins(&self.bug.origins))?;
        writeln!(text, "[Open it at the step that breaks]({page}{})", self.address)?;
        section(text, "Context")?;
        writeln!(text, "{}", self.context)?;
        section(text, "Symptoms observed")?;
        bullets(text, &self.symptoms)?;
        let broken = &self.breaks;
        writeln!(text, "\nStep {} breaks “{}”: {}.", broken.step, broken.invariant, broken.sentence)?;
        if !broken.cells.is_empty() {
            writeln!(text, "At that moment {}.", Values(&broken.cells))?;
        }
        section(text, "Original request")?;
        writeln!(text, "> {}", self.request)?;
        section(text, "Refined prompt")?;
        writeln!(text, "{}", self.refined)?;
        section(text, "Investigation approach")?;
        numbered(text, &self.approach)?;
        self.write_searches(text)?;
        section(text, "Root cause")?;
        writeln!(text, "{}", self.root_cause)?;
        self.write_story(text, page)?;
        section(text, "Fix applied")?;
        writeln!(text, "{}\n\nFrom `{}` to `{}`:\n", self.fix, self.files[0], self.files[1])?;
        fenced(text, "diff", &self.difference)?;
        section(text, "Lessons learned")?;
        bullets(text, &self.lessons)
    }

    fn write_searches(&self, text: &mut String) -> fmt::Result {
        writeln!(text, "\n| Version | Verdict | Searched | Extent |\n|---|---|---|---|")?;
        self.searched.iter().try_for_each(|search| {
            writeln!(text, "| {} | {} | {} | {} |", search.version, search.outcome, search.schedules, search.extent)
        })
    }

    fn write_story(&self, text: &mut String, page: &str) -> fmt::Result {
        writeln!(text, "\nThe shortest schedule that breaks it takes {} steps:\n", self.breaks.step)?;
        for told in &self.story {
            match told.tone {
                Tone::Bad => writeln!(text, "{}. **{}**", told.step, told.text)?,
                _ => writeln!(text, "{}. {}", told.step, told.text)?,
            }
        }
        let decisive = &self.decisive;
        write!(text, "\nStep {} decides. {}", decisive.step, decisive.sentence)?;
        match (&decisive.place, &decisive.line) {
            (Some(place), Some(line)) => {
                writeln!(text, " Its task goes on from `{place}`:\n\n```rust\n{line}\n```")?;
            }
            (Some(place), None) => writeln!(text, " Its task goes on from `{place}`.")?,
            (None, _) => writeln!(text)?,
        }
        if !self.waits.is_empty() {
            writeln!(text, "\nWho waits for whom, for ever:\n")?;
            bullets(text, &self.waits)?;
        }
        writeln!(text, "\n[Replay it]({page}{})", self.address)
    }
}

fn section(text: &mut String, title: &str) -> fmt::Result {
    writeln!(text, "\n## {title}\n")
}

fn bullets(text: &mut String, lines: &[String]) -> fmt::Result {
    lines.iter().try_for_each(|line| writeln!(text, "- {line}"))
}

fn numbered(text: &mut String, lines: &[String]) -> fmt::Result {
    lines.iter().enumerate().try_for_each(|(place, line)| writeln!(text, "{}. {line}", place + 1))
}

fn fenced(text: &mut String, language: &str, lines: &[DifferenceLine]) -> fmt::Result {
    writeln!(text, "```{language}")?;
    for line in lines {
        match line.fate {
            Fate::Kept => writeln!(text, " {}", line.text)?,
            Fate::Removed => writeln!(text, "-{}", line.text)?,
            Fate::Added => writeln!(text, "+{}", line.text)?,
            Fate::Skipped => writeln!(text, "@@ … @@")?,
        }
    }
    writeln!(text, "```")
}

/// Such as `a Python task runner, [apalis-dev/apalis#219](https://github.com/apalis-dev/apalis/issues/219)`.
struct Origins<'a>(&'a [OriginTitle]);

impl Display for Origins<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, OriginTitle { text, link }) in self.0.iter().enumerate() {
            f.write_str(if place > 0 { ", " } else { "" })?;
            match link {
                Some(link) => write!(f, "[{text}]({link})")?,
                None => f.write_str(text)?,
            }
        }
        Ok(())
    }
}

/// Such as `` `is_processing` is `true`, `active_task` is `A` ``.
struct Values<'a>(&'a [StateCell]);

impl Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, cell) in self.0.iter().enumerate() {
            let separator = if place > 0 { ", " } else { "" };
            write!(f, "{separator}`{}` is `{}`", cell.name, cell.value)?;
        }
        Ok(())
    }
}
