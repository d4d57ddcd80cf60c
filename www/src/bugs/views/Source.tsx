import { useLayoutEffect, useRef } from 'preact/hooks'
import type { LineMark } from '../../../pkg/flags/flags.js'
import type * as SourceEditor from '../source/editor'
import { memo } from '../../parts/memo'

type Props = { name: string; text: string; marks: readonly LineMark[]; editor: typeof SourceEditor | null }

/** The source that runs: plain text at once, and with markers as soon as the editor is loaded. */
export const Source = memo(function Source({ name, text, marks, editor }: Props) {
  return (
    <div class="source">
      {editor === null ? (
        <pre class="source-plain" aria-label={name}>
          {text}
        </pre>
      ) : (
        <Island name={name} text={text} marks={marks} editor={editor} />
      )}
    </div>
  )
})

/** Hands what is to be shown to the editor, which owns everything within its element. */
function Island({ name, text, marks, editor }: Props & { editor: typeof SourceEditor }) {
  const host = useRef<HTMLDivElement>(null)
  const island = useRef<SourceEditor.SourceEditor | null>(null)
  useLayoutEffect(() => {
    island.current = new editor.SourceEditor(host.current!)
    return () => island.current?.destroy()
  }, [editor])
  useLayoutEffect(() => island.current?.show({ name, text, marks }), [editor, name, text, marks])
  return <div ref={host} class="source-island" />
}
