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
  '.cm-scroller': { font: '12px/19px var(--font-code)', overflow: 'auto' },
  '.cm-content': { padding: '4px 0', outline: 'none' },
  '.cm-line': { padding: '0 12px 0 8px' },
  '.cm-gutters': { background: 'var(--panel)', border: 'none', color: 'var(--ink-3)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '32px', padding: '0 8px 0 4px', textAlign: 'right' },
  '.source-tasks': { width: '60px' },
  '.source-markers': { display: 'flex', gap: '2px', alignItems: 'center', height: '19px' },
  '.source-marker': { ...pill, boxSizing: 'border-box', minWidth: '17px', height: '17px', padding: '0 3px', color: 'var(--on-task)' },
  '.source-more': { ...pill, color: 'var(--ink-2)' },
  ...markerColours,
  '.source-line-running': { background: 'var(--warn-bg)' },
  '.source-line-bad': { background: 'var(--bad-bg)' },
  '.source-note': { font: '11.5px/19px var(--font-ui)', color: 'var(--ink-2)', paddingLeft: '16px' },
  '.source-line-bad .source-note': { color: 'var(--bad)' },
})
