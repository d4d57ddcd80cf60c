// The source of a pane: an island of CodeMirror that is shown what to draw, and draws nothing of its own accord.
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language'
import { rust } from '@codemirror/legacy-modes/mode/rust'
import { EditorState, StateEffect, StateField, RangeSet, type Range } from '@codemirror/state'
import {
  Decoration,
  EditorView,
  GutterMarker,
  WidgetType,
  gutter,
  gutterLineClass,
  lineNumbers,
  type DecorationSet,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { LineMark, TaskTag } from '../../../pkg/flags/flags.js'
import { sourceTheme } from './theme'

/** What a source view shows. */
export type Shown = { readonly name: string; readonly text: string; readonly marks: readonly LineMark[] }

/** How many markers fit beside a line; of more, the rest is counted. */
const roomFor = (tasks: readonly TaskTag[]) => (tasks.some(({ short }) => short.length > 1) ? 2 : 3)

/** Lines that follow each other faster than this, in milliseconds, are jumped to: a scrub is not a stroll. */
const SCRUB = 250

/** How close to an edge the current line may be before the view follows it, in pixels. */
const MARGIN = 57

/** A view in a shadow root: there its styles are constructed sheets, which a strict security policy allows. */
export class SourceEditor {
  readonly #view: EditorView
  readonly #resized: ResizeObserver
  readonly #seen: IntersectionObserver
  #isSeen = false
  /** The current line is to be followed to when the view is seen. */
  #isBehind = false
  #shown: Shown | null = null
  /** No line of this text was followed yet. */
  #isAtStart = true
  #followedAt = 0

  constructor(host: HTMLElement) {
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
    // What a reader selects is between him and the browser. An editor that may ask for it asks at every change, and
    // each time the browser has to lay out the whole page at once.
    Object.defineProperty(root, 'getSelection', { value: () => null })
    this.#view = new EditorView({ root, parent: root })
    // Where a verdict or a task needs another line, the source has one less: the current line is not to be lost then.
    this.#resized = new ResizeObserver(() => this.#followLine(true))
    this.#resized.observe(host)
    // Lines that are out of the window are not measured: where the current one is, is known once they are in it.
    this.#seen = new IntersectionObserver((entries) => {
      this.#isSeen = entries.at(-1)!.isIntersecting
      if (this.#isSeen && this.#isBehind) this.#followLine(true)
    })
    this.#seen.observe(host)
  }

  show(shown: Shown) {
    const before = this.#shown
    this.#shown = shown
    if (before?.text !== shown.text) this.#isAtStart = true
    if (before?.text !== shown.text || before.name !== shown.name) this.#view.setState(stateOf(shown))
    if (before?.text !== shown.text || before.marks !== shown.marks) {
      this.#view.dispatch({ effects: setMarks.of(shown.marks) })
    }
    if (before?.text !== shown.text || lineToSee(shown.marks) !== lineToSee(before.marks)) this.#followLine(false)
  }

  destroy() {
    this.#resized.disconnect()
    this.#seen.disconnect()
    this.#view.destroy()
  }

  #followLine(atOnce: boolean) {
    this.#isBehind = !this.#isSeen
    const line = this.#shown && lineToSee(this.#shown.marks)
    if (line != null) {
      this.#isAtStart = false
      this.#follow(line, atOnce)
    } else if (this.#isAtStart) this.#begin()
  }

  /** Begins where there is something to read, with the imports scrolled out of view. */
  #begin() {
    const { state, scrollDOM } = this.#view
    const start = state.doc.toString().search(/^(?!use |[ }]|$)/m)
    if (start < 0) return
    this.#view.requestMeasure({
      read: (view) => view.lineBlockAt(start).top,
      write: (top) => scrollDOM.scrollTo({ top, behavior: 'instant' }),
    })
  }

  /**
   * Brings a line into view, moving no further than needed to see what surrounds it. Where lines that are broken were
   * not drawn yet, how far that is can only be guessed: it goes there at once, and looks again.
   */
  #follow(number: number, atOnce: boolean, looks = 3) {
    const { state, scrollDOM } = this.#view
    if (number > state.doc.lines) return
    this.#view.requestMeasure({
      read: (view) => {
        const { from, top, bottom } = view.lineBlockAt(state.doc.line(number).from)
        const above = top - MARGIN
        // Of a line that is too high for that, the beginning is seen.
        const below = Math.min(bottom + MARGIN - scrollDOM.clientHeight, top)
        const to = scrollDOM.scrollTop > above ? above : scrollDOM.scrollTop < below ? below : null
        return { to, isGuess: from > view.viewport.to || from < view.viewport.from }
      },
      write: ({ to, isGuess }) => {
        if (to === null) return
        const now = performance.now()
        const isScrub = now - this.#followedAt < SCRUB
        this.#followedAt = now
        const still = atOnce || isScrub || isGuess || matchMedia('(prefers-reduced-motion: reduce)').matches
        scrollDOM.scrollTo({ top: to, behavior: still ? 'instant' : 'smooth' })
        if (still && looks > 1 && this.#view.state === state) {
          requestAnimationFrame(() => this.#view.state === state && this.#follow(number, true, looks - 1))
        }
      },
    })
  }
}

/** The decisive line, or else the one that ran, or else one where somebody is. */
function lineToSee(marks: readonly LineMark[]): number | null {
  const mark = marks.find(({ tone }) => tone === 'bad') ?? marks.find(({ tone }) => tone === 'running') ?? marks[0]
  return mark?.line ?? null
}

const setMarks = StateEffect.define<readonly LineMark[]>()

const marksField = StateField.define<readonly LineMark[]>({
  create: () => [],
  update: (marks, { effects }) => effects.find((effect) => effect.is(setMarks))?.value ?? marks,
})

const decorations = EditorView.decorations.compute([marksField], (state): DecorationSet => {
  const ranges: Range<Decoration>[] = []
  for (const { line, tone, note } of state.field(marksField)) {
    if (line < 1 || line > state.doc.lines) continue
    const { from, to } = state.doc.line(line)
    ranges.push(Decoration.line({ class: `source-line-${tone}` }).range(from))
    if (note !== '') ranges.push(Decoration.widget({ widget: new Note(note), side: 1 }).range(to))
  }
  return Decoration.set(ranges, true)
})

/** The colour of a line reaches from edge to edge. */
const gutterColours = gutterLineClass.compute([marksField], (state) =>
  RangeSet.of(
    state
      .field(marksField)
      .filter(({ line }) => line >= 1 && line <= state.doc.lines)
      .map(({ line, tone }) => new LineColour(tone).range(state.doc.line(line).from)),
    true,
  ),
)

class LineColour extends GutterMarker {
  override elementClass: string
  constructor(tone: LineMark['tone']) {
    super()
    this.elementClass = `source-line-${tone}`
  }
  override eq(other: LineColour) {
    return other.elementClass === this.elementClass
  }
}

/** What does not fit in a line goes on below it, further in than the line begins. */
const indents = EditorView.decorations.compute(['doc'], (state): DecorationSet => {
  const ranges: Range<Decoration>[] = []
  for (let number = 1; number <= state.doc.lines; number += 1) {
    const { from, text } = state.doc.line(number)
    const indent = text.length - text.trimStart().length
    ranges.push(Decoration.line({ attributes: { style: `--indent: ${indent}` } }).range(from))
    if (indent > 0) ranges.push(Decoration.mark({ class: 'source-indent' }).range(from, from + indent))
  }
  return Decoration.set(ranges)
})

/** A chain of calls is broken before a dot rather than within a word, a line that is one call behind its bracket. */
const breaks = EditorView.decorations.compute(['doc'], (state): DecorationSet => {
  const places = state.doc.toString().matchAll(/(?<=[\w)\]?])\.(?=[a-z_])|(?<=^ *\w+!?\()(?=[\w&|"])/gm)
  return Decoration.set(Array.from(places, ({ index }) => Decoration.widget({ widget: new Break(), side: -1 }).range(index)))
})

class Break extends WidgetType {
  override eq() {
    return true
  }
  override toDOM() {
    return document.createElement('wbr')
  }
}

class Note extends WidgetType {
  constructor(readonly text: string) {
    super()
  }
  override eq(other: Note) {
    return other.text === this.text
  }
  override toDOM() {
    const note = document.createElement('span')
    note.className = 'source-note'
    note.title = this.text
    note.append(element('source-reason', this.text))
    return note
  }
}

class Markers extends GutterMarker {
  constructor(readonly mark: LineMark) {
    super()
  }
  override eq(other: Markers) {
    return JSON.stringify(other.mark.tasks) === JSON.stringify(this.mark.tasks)
  }
  override toDOM() {
    const { tasks } = this.mark
    const room = roomFor(tasks)
    const markers = document.createElement('span')
    markers.className = 'source-markers'
    markers.title = tasks.map(({ name }) => name).join(', ')
    const shown = tasks.length > room ? tasks.slice(0, room - 1) : tasks
    for (const { short, colour } of shown) markers.append(element(`source-marker source-marker-${colour}`, short))
    if (shown.length < tasks.length) markers.append(element('source-more', `+${tasks.length - shown.length}`))
    return markers
  }
}

function element(className: string, text: string): HTMLElement {
  const span = document.createElement('span')
  span.className = className
  span.textContent = text
  return span
}

const taskGutter = gutter({
  class: 'source-tasks',
  lineMarker(view, { from }) {
    const number = view.state.doc.lineAt(from).number
    const mark = view.state.field(marksField).find(({ line }) => line === number)
    return mark && mark.tasks.length > 0 ? new Markers(mark) : null
  },
  lineMarkerChange: ({ startState, state }) => startState.field(marksField) !== state.field(marksField),
})

const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.self, tags.modifier, tags.controlKeyword], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.number, tags.bool, tags.atom, tags.character], color: 'var(--code-literal)' },
  { tag: tags.comment, color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: tags.meta, color: 'var(--code-comment)' },
  { tag: [tags.typeName, tags.className], color: 'var(--code-type)' },
  { tag: [tags.definition(tags.variableName), tags.function(tags.variableName)], color: 'var(--code-name)' },
])

const stateOf = ({ name, text }: Shown) =>
  EditorState.create({
    doc: text.trimEnd(),
    extensions: [
      marksField,
      decorations,
      gutterColours,
      indents,
      breaks,
      EditorView.lineWrapping,
      lineNumbers(),
      taskGutter,
      StreamLanguage.define(rust),
      syntaxHighlighting(highlighting),
      sourceTheme,
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.contentAttributes.of({ 'aria-label': name, 'aria-readonly': 'true', tabindex: '0' }),
    ],
  })
