import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import type { Commands } from '../commands'
import type { Film } from '../../../pkg/flags/flags.js'
import type { TimelineUi } from '../model'
import { LABELS, edge, following, layoutOf, stepAt, widthOf, zoomOf, zoomed } from '../timeline/layout'
import { Icon } from '../../parts/Icon'
import { Picture } from './TimelinePicture'

type Props = {
  moment: { snapshot: { step: number; panes: readonly { role: string }[] }; film: Film }
  /** What the lanes are. */
  name: string
  view: TimelineUi
  commands: Pick<Commands, 'act' | 'showTimeline'>
}

/** One time axis for both versions: a lane per task, and the playhead through all of them. */
export function Timeline({ moment: { snapshot, film }, name, view, commands }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const scrolledTo = useRef(0)
  const layout = useMemo(() => layoutOf(film, snapshot.panes.length), [film])
  const zoom = zoomOf(view, layout.units)
  const playhead = edge(film, snapshot.step) * zoom
  useLayoutEffect(() => reportSize(scroller.current!, commands), [])
  // A new step comes with the playhead in view; a view that became narrower may have lost it.
  useLayoutEffect(() => {
    const { left } = following(view, film, snapshot.step)
    if (left !== view.left) commands.showTimeline({ left })
  }, [playhead, view.width])
  useLayoutEffect(() => {
    // To look where it is would have the browser lay out the page, and what comes from there is there already.
    if (scrolledTo.current !== view.left) scroller.current!.scrollLeft = view.left
  }, [view.left, zoom])

  const unitAt = (event: { clientX: number }) =>
    (event.clientX - scroller.current!.getBoundingClientRect().left - LABELS + view.left) / zoom
  const goTo = (event: MouseEvent) => {
    const step = stepAt(film, unitAt(event))
    if (step !== snapshot.step) commands.act({ kind: 'go', to: step })
  }
  const zoomBy = (factor: number, around: number) => commands.showTimeline(zoomed(view, layout.units, factor, around))
  return (
    <section class="timeline" aria-label="Timeline">
      <div
        ref={scroller}
        class="timeline-scroller"
        data-scrolls
        tabIndex={0}
        role="group"
        aria-label={name}
        onScroll={({ currentTarget: { scrollLeft: left, scrollTop: top } }) => {
          scrolledTo.current = left
          if (left !== view.left || top !== view.top) commands.showTimeline({ left, top })
        }}
        onWheel={(event) => {
          if (!event.ctrlKey) return
          event.preventDefault()
          zoomBy(Math.exp(-event.deltaY / 300), unitAt(event) * zoom - view.left)
        }}
      >
        <div class="timeline-all" style={{ width: `${widthOf(layout.units, zoom)}px`, height: `${layout.height}px` }}>
          <div
            class="timeline-some"
            style={{ width: `${view.width}px`, height: `${Math.min(view.height, layout.height)}px` }}
            onPointerDown={(event) => {
              // A finger on the lanes scrolls; it drags the playhead by its handle, and a tap is a click.
              if (event.button !== 0 || (event.pointerType !== 'mouse' && !isHandle(event.target))) return
              event.currentTarget.setPointerCapture(event.pointerId)
              goTo(event)
            }}
            onClick={goTo}
            onPointerMove={(event) => {
              if (event.currentTarget.hasPointerCapture(event.pointerId)) return goTo(event)
              commands.showTimeline({ hover: unitAt(event) })
            }}
            onPointerLeave={() => commands.showTimeline({ hover: null })}
          >
            <Picture
              film={film}
              roles={snapshot.panes.map((pane) => pane.role)}
              step={snapshot.step}
              layout={layout}
              zoom={zoom}
              view={view}
            />
          </div>
        </div>
      </div>
      <div class="timeline-zoom">
        <ZoomButton name="Zoom out" icon="minus" onClick={() => zoomBy(1 / 1.5, playhead - view.left)} />
        <ZoomButton name="Zoom in" icon="plus" onClick={() => zoomBy(1.5, playhead - view.left)} />
      </div>
    </section>
  )
}

function ZoomButton({ name, icon, onClick }: { name: string; icon: 'minus' | 'plus'; onClick(): void }) {
  return (
    <button class="button button-icon button-bare" aria-label={name} title={`${name} (Ctrl + wheel)`} onClick={onClick}>
      <Icon name={icon} />
    </button>
  )
}

const isHandle = (target: EventTarget | null) => target instanceof Element && target.closest('.playhead') !== null

/** Tells the page how much room there is, now and whenever it changes. */
function reportSize(scroller: HTMLElement, commands: Pick<Commands, 'showTimeline'>) {
  const report = () => commands.showTimeline({ width: scroller.clientWidth, height: scroller.clientHeight })
  const observer = new ResizeObserver(report)
  observer.observe(scroller)
  report()
  return () => observer.disconnect()
}
