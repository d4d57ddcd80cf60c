import type { BugTitle, CheckProgress } from '../../../pkg/flags/flags.js'
import type { Commands } from '../commands'
import { Shape } from './Shape'

type Props = {
  bug: BugTitle | null
  check: CheckProgress | null
  treeShown: boolean
  understood: boolean
  ready: boolean
  /** The address of the report, once there is a bug. */
  report: string | null
  commands: Commands
}

/** What the bug is, and the button that checks every schedule. */
export function Heading({ bug, check, treeShown, understood, ready, report, commands }: Props) {
  const checking = check !== null && !check.done
  return (
    <>
      <div class="heading">
        <div class="heading-title">
          <h1>{bug?.title ?? 'unstuck'}</h1>
          <p class="heading-sentence">{bug?.sentence ?? 'Loading the lab …'}</p>
        </div>
        {report !== null && (
          <a class="button" href={report} title="How this bug was investigated, to read, print or copy">
            Report
          </a>
        )}
        <button
          class="button heading-understood"
          aria-pressed={understood}
          title="Keeps in the catalogue that you have understood this bug"
          disabled={bug === null}
          onClick={() => bug && commands.understand(bug.id, !understood)}
        >
          {understood && <Shape tone="good" />} Understood
        </button>
        {checking ? (
          <button class="button" onClick={() => commands.cancelCheck()}>
            Cancel
          </button>
        ) : (
          <button
            class="button button-primary"
            disabled={!ready}
            title="Tries every order in which the tasks can run, of both versions"
            onClick={() => commands.check()}
          >
            Check every schedule
          </button>
        )}
      </div>
      <div class="check">
        {/* Read out at its end only: its numbers change many times a second. */}
        <p class="check-said" role="status" aria-label="Check" aria-live={checking ? 'off' : 'polite'}>
          {check?.sentence ?? ''}
        </p>
        {check?.done && (
          <button
            class="link-button check-tree"
            aria-expanded={treeShown}
            onClick={() => commands.toggleTree()}
          >
            What was tried
          </button>
        )}
        {checking && <progress class="check-progress" aria-label="Checking every schedule" />}
      </div>
    </>
  )
}
