import type { BugTitle } from '../../../pkg/flags/flags.js'
import type { Commands } from '../commands'
import type { Progress } from '../progress'
import { familiesOf, found } from '../search'
import { Search } from './Search'
import { Shape } from './Shape'

type Props = { bugs: readonly BugTitle[]; search: string; progress: Progress; commands: Commands }

/** The page of all bugs, by family: what there is to break, and what was broken. */
export function Catalogue({ bugs, search, progress, commands }: Props) {
  const shown = found(bugs, search)
  return (
    <div class="catalogue">
      <header class="catalogue-lead">
        <h1>Every async bug has a schedule that shows it. Find it.</h1>
        <p>
          A schedule is the order in which tasks run. Here are {bugs.length} bugs of asynchronous workers: a few lines
          of real Rust each, which run in this page, buggy beside fixed. Step forwards and back, decide yourself which
          task runs next, or have every schedule tried.
        </p>
        <First bugs={bugs} progress={progress} />
      </header>
      <div class="catalogue-tools">
        <Search search={search} commands={commands} />
        <Score bugs={bugs} progress={progress} commands={commands} />
      </div>
      <nav class="catalogue-families" aria-label="Bugs">
        {familiesOf(shown).map((family) => (
          <section key={family}>
            <h2>{family}</h2>
            <ul class="catalogue-cards">
              {shown
                .filter((bug) => bug.family === family)
                .map((bug) => (
                  <Card
                    key={bug.id}
                    bug={bug}
                    broken={progress.broken.has(bug.id)}
                    understood={progress.understood.has(bug.id)}
                  />
                ))}
            </ul>
          </section>
        ))}
        {shown.length === 0 && bugs.length > 0 && <p class="catalogue-none">No bug has these words.</p>}
      </nav>
      <p class="catalogue-own">
        A bug of your own is two files of Rust and what should hold: <code>docs/add-your-own-bug.md</code> in the
        repository brings it here in ten minutes.
      </p>
    </div>
  )
}

/** Where to begin, or to go on: the first bug that was not broken yet. */
function First({ bugs, progress }: Pick<Props, 'bugs' | 'progress'>) {
  const next = bugs.find(({ id }) => !progress.broken.has(id))
  if (next === undefined) return null
  return (
    <a class="button button-primary catalogue-first" href={`#/bug/${next.id}`}>
      {progress.broken.size === 0 ? 'Start with the first bug' : 'Go on with the next bug'}
    </a>
  )
}

/** How many bugs were broken and understood so far. */
function Score({ bugs, progress, commands }: Omit<Props, 'search'>) {
  const known = (ids: ReadonlySet<string>) => bugs.filter(({ id }) => ids.has(id)).length
  const [broken, understood] = [known(progress.broken), known(progress.understood)]
  return (
    <div class="catalogue-score" role="status" aria-label="Progress">
      {bugs.length > 0 && (
        <>
          <span>
            You have broken {broken} of {bugs.length} and understood {understood}
          </span>
          {broken + understood > 0 && (
            <button class="link-button" onClick={() => commands.forgetProgress()}>
              Start over
            </button>
          )}
        </>
      )}
    </div>
  )
}

type CardProps = { bug: BugTitle; broken: boolean; understood: boolean }

function Card({ bug, broken, understood }: CardProps) {
  return (
    <li class="card">
      <h3>
        <a class="card-link" href={`#/bug/${bug.id}`}>
          {bug.title}
        </a>
        <span class="card-marks">
          {broken && (
            <span class="card-mark card-broken">
              <Shape tone="bad" /> broken
            </span>
          )}
          {understood && (
            <span class="card-mark card-understood">
              <Shape tone="good" /> understood
            </span>
          )}
        </span>
      </h3>
      <p class="card-sentence">{bug.sentence}</p>
      <Least bug={bug} />
      <p class="card-origin">
        Seen in{' '}
        {bug.origins.map(({ text, link }, index) => (
          <span key={text}>
            {link == null ? text : <a href={link}>{text}</a>}
            {index < bug.origins.length - 1 && ', '}
          </span>
        ))}
      </p>
    </li>
  )
}

/** The least schedule that breaks the bug, a mark per step: who acts, or a dash where time passes. */
function Least({ bug: { least } }: { bug: BugTitle }) {
  if (least.length === 0) return null
  return (
    <p class="least" title="A mark for each step, in the colour of the task that runs; a dash where time passes">
      <span class="least-steps" aria-hidden="true">
        {least.map(({ colour, forced }, step) => (
          <i
            key={step}
            class={`least-step ${colour == null ? 'least-time' : `task-${colour}`} ${forced ? 'least-forced' : ''}`}
          />
        ))}
      </span>
      <span class="least-said">breaks in {least.length} steps</span>
    </p>
  )
}
