import { Icon } from './Icon'

/** Where the lab is. */
export type LabState = 'starting' | 'running' | 'stopped' | 'unsupported'

type Commands = { restart(): void; show(change: { notice: null; refusal: null }): void }

/** What of the address was ignored; text, whatever it holds. */
export function Notice({ text, commands }: { text: string | null; commands: Commands }) {
  return (
    <div class={text === null ? '' : 'notice'} role="status" aria-label="Notice">
      {text !== null && (
        <>
          <p>{text}</p>
          <button
            class="button button-icon button-bare"
            aria-label="Dismiss"
            onClick={() => commands.show({ notice: null, refusal: null })}
          >
            <Icon name="close" />
          </button>
        </>
      )}
    </div>
  )
}

/** What to do when the lab is not there. */
export function Trouble({ lab, commands }: { lab: LabState; commands: Commands }) {
  if (lab === 'unsupported') {
    return (
      <div class="notice notice-bad" role="alert">
        <p>This browser runs no WebAssembly, which the lab is made of; a current version of any browser does.</p>
      </div>
    )
  }
  if (lab !== 'stopped') return null
  return (
    <div class="notice notice-bad" role="alert">
      <p>The lab stopped unexpectedly; what you see is kept, and a restart continues at this step.</p>
      <button class="button" onClick={() => commands.restart()}>
        Restart
      </button>
    </div>
  )
}
