import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Cells } from '../../bugs/views/Cells'
import { Playback } from '../../bugs/views/Playback'
import { Said } from '../../bugs/views/Said'
import { Tasks } from '../../bugs/views/Tasks'
import { Timeline } from '../../bugs/views/Timeline'
import type { Commands } from '../commands'
import type { ReplayUi } from '../model'

const PANES = [{ role: 'Run' }]

type Props = { replay: ReplayUi; commands: Commands; children?: ComponentChildren }

/** The same run in virtual time: what was submitted, stepped both ways. */
export function Replay({ replay, commands, children }: Props) {
  const { film, still, timeline } = replay
  const snapshot = { ...still, panes: PANES }
  const top = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    const opener = document.activeElement
    // Keys are meant for what has just opened; and on a narrow page the button that opens it stands far below it.
    top.current!.focus({ preventScroll: true })
    top.current!.scrollIntoView()
    return () => opener instanceof HTMLElement && opener.focus({ preventScroll: true })
  }, [])
  return (
    <section ref={top} class="replay" aria-label="Same run in virtual time" tabIndex={-1}>
      <header class="runner-heading">
        <h1>{film.bug.title}</h1>
        <p>{film.bug.sentence}</p>
        <button class="button" onClick={() => commands.closeReplay()}>
          Back to the runner
        </button>
      </header>
      {children}
      <div class="dock replay-dock">
        <Said snapshot={still} />
        <Playback snapshot={still} film={film} ui={replay} commands={commands.replay} />
      </div>
      <Timeline
        moment={{ snapshot, film }}
        name="A lane per task: who submits, and each worker"
        view={timeline}
        commands={commands.replay}
      />
      <div class="runner-card replay-state">
        <Cells cells={still.cells} />
        <Tasks
          tasks={still.tasks}
          pass={null}
          commands={commands.replay}
          view={replay.tasks}
          onView={commands.replay.showTasks}
        />
      </div>
    </section>
  )
}
