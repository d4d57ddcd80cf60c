import { Component, h, type ComponentType } from 'preact'

/** A view that is drawn again only when one of its properties is another value. */
export function memo<P extends object>(View: ComponentType<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>) {
      return differ(this.props, next)
    }
    override render() {
      return h(View, this.props as P)
    }
  }
}

function differ(before: object, after: object): boolean {
  const old = before as Record<string, unknown>
  const now = after as Record<string, unknown>
  return Object.keys({ ...old, ...now }).some((key) => old[key] !== now[key])
}
