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
  '.cm-scroller': { '--numbers': '36px', '--tasks': '60px', font: '12px/19px var(--font-code)', overflow: 'auto' },
  '.cm-content': { padding: '4px 0', outline: 'none' },
  '.cm-line': { '--note': 'var(--panel)', '--least': '17ch', padding: '0 0 0 6px' },
  '.cm-gutters': { background: 'var(--panel)', border: 'none', color: 'var(--ink-3)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: 'var(--numbers)', padding: '0 8px 0 0', textAlign: 'right' },
  '.source-tasks': { width: 'var(--tasks)' },
  '.source-markers': { display: 'flex', gap: '2px', alignItems: 'center', height: '19px' },
  '.source-marker': { ...pill, boxSizing: 'border-box', minWidth: '17px', height: '17px', padding: '0 3px', color: 'var(--on-task)' },
  '.source-more': { ...pill, color: 'var(--ink-2)' },
  ...markerColours,
  '.source-line-running': { '--note': 'var(--warn-bg)', background: 'var(--warn-bg)' },
  '.source-line-bad': { '--note': 'var(--bad-bg)', '--least': '27ch', background: 'var(--bad-bg)' },
  // The reason has the room that the code leaves in the view, and a little in any case: over the end of a long line.
  '.source-note': {
    position: 'sticky',
    right: '0',
    display: 'inline-block',
    maxWidth: 'max(var(--least), calc(100cqw - var(--numbers) - var(--tasks) - 20px - var(--code) * 1ch))',
    height: '19px',
    paddingLeft: '14px',
    overflow: 'hidden',
    verticalAlign: 'bottom',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    background: 'linear-gradient(to right, transparent, var(--note) 12px)',
    color: 'var(--ink-2)',
  },
  '.source-reason': { font: '11.5px/19px var(--font-ui)' },
  '.source-line-bad .source-note': { color: 'var(--bad)' },
  '@media (max-width: 560px)': {
    '.cm-scroller': { '--numbers': '28px', '--tasks': '40px' },
    '.source-line-bad': { '--least': '17ch' },
  },
})
