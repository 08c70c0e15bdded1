// A component that is drawn again only where a prop is another, and where it is in sight: for what there are hundreds of.
import { Component, type ComponentChild, type FunctionComponent } from "preact";

export function memo<P extends { seen: boolean }>(draw: (props: P) => ComponentChild): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const old = this.props as unknown as Record<string, unknown>;
      return next.seen && Object.entries(next).some(([name, value]) => old[name] !== value);
    }
    override render(props: P): ComponentChild {
      return draw(props);
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}
