import { EditorView } from '@codemirror/view'

/** The colours of the markers, one rule a task colour. */
const markerColours = Object.fromEntries(
  Array.from({ length: 8 }, (_, colour) => [`.source-marker-${colour}`, { background: `var(--task-${colour})` }]),
)

const pill = { font: '650 10.5px/17px var(--font-ui)', textAlign: 'center', borderRadius: '5px' }

/** The look of the source, in the page's custom properties, which reach into the shadow root. */
export const sourceTheme = EditorView.theme({
  '&': { height: '100%', background: 'var(--panel)', color: 'var(--ink)', fontSize: '12px' },
  '&.cm-focused': { outline: 'none' },
  '&.cm-focused .cm-scroller': { boxShadow: 'inset 0 0 0 2px var(--focus)' },
  '.cm-scroller': { '--numbers': '36px', '--tasks': '54px', '--space': '1ch', '--further': '4ch', font: '12px/19px var(--font-code)', overflow: 'auto' },
  '.cm-content': { minWidth: '0', padding: '4px 0', outline: 'none' },
  '.cm-lineWrapping': { wordBreak: 'normal' },
  '.cm-line': {
    '--hang': 'min(calc(var(--indent) * var(--space) + var(--further)), 40ch)',
    padding: '0 8px 0 calc(6px + var(--hang))',
    textIndent: 'calc(-1 * var(--hang))',
  },
  '.source-indent': { letterSpacing: 'calc(var(--space) - 1ch)' },
  '.cm-gutters': { background: 'var(--panel)', border: 'none', color: 'var(--ink-3)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: 'var(--numbers)', padding: '0 8px 0 0', textAlign: 'right' },
  '.source-tasks': { width: 'var(--tasks)' },
  '.source-markers': { display: 'flex', gap: '2px', alignItems: 'center', height: '19px' },
  '.source-marker': { ...pill, boxSizing: 'border-box', minWidth: '17px', height: '17px', padding: '0 3px', color: 'var(--on-task)' },
  '.source-more': { ...pill, color: 'var(--ink-2)' },
  ...markerColours,
  '.source-line-running': { background: 'var(--warn-bg)' },
  '.source-line-bad': { background: 'var(--bad-bg)' },
  // The reason stands behind the code, or below it where the code leaves no room.
  '.source-note': {
    display: 'inline-block',
    maxWidth: '100%',
    boxSizing: 'border-box',
    paddingLeft: '14px',
    verticalAlign: 'bottom',
    textIndent: '0',
    whiteSpace: 'normal',
    color: 'var(--ink-2)',
  },
  '.source-reason': { font: '11.5px/19px var(--font-ui)' },
  '.source-line-bad .source-note': { color: 'var(--bad)' },
  '@media (max-width: 560px)': {
    '.cm-scroller': { '--numbers': '28px', '--tasks': '50px', '--space': '0.5ch', '--further': '2ch', fontSize: '11px' },
    '.source-markers': { gap: '1px' },
  },
})
