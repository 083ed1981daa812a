/** A fault of a part of the page stays in that part: the rest goes on, and nobody's work is out of reach. */
import { Component, type ReactNode } from "react";
import { run } from "@/actions/actions";
import { useEditor } from "@/editor/hooks";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import "./boundary.css";

interface BoundaryProps {
  /** What it is, for "The inspector cannot show this". */
  what: string;
  children: ReactNode;
  /** Closes it, where it is a dialog: then the words stand in one too. */
  onClose?: () => void;
}

/** Tries again by itself when another document, graph or node is in hand. */
export function Boundary({ children, ...rest }: BoundaryProps) {
  const document = useEditor((state) => state.document);
  const selection = useEditor((state) => state.selection);
  return (
    <Guard {...rest} document={document} selection={selection}>
      {children}
    </Guard>
  );
}

interface GuardProps extends BoundaryProps {
  document: unknown;
  selection: unknown;
}

class Guard extends Component<GuardProps, { fault: Error | null }> {
  override state: { fault: Error | null } = { fault: null };

  static getDerivedStateFromError(fault: Error) {
    return { fault };
  }

  override componentDidUpdate(before: GuardProps) {
    const { document, selection } = this.props;
    const other = before.document !== document || before.selection !== selection;
    if (this.state.fault && other) this.setState({ fault: null });
  }

  override render() {
    const { fault } = this.state;
    const { what, children, onClose } = this.props;
    if (!fault) return children;
    const told = (
      <div className="boundary" role="alert" data-testid="boundary">
        <p>
          <b>The {what} cannot show this.</b> It is a fault of this page. The network is kept as it is.
        </p>
        <p className="quiet mono">{fault.message}</p>
        <div className="fixes">
          <Button size="small" onClick={() => this.setState({ fault: null })}>
            Try again
          </Button>
          <Button size="small" onClick={() => void run("save")}>
            Save as a file
          </Button>
          <Button size="small" onClick={() => void run("undo")}>
            Undo
          </Button>
          <Button size="small" onClick={() => void run("new")}>
            New network
          </Button>
        </div>
      </div>
    );
    if (!onClose) return told;
    return (
      <Dialog title="A fault" onClose={onClose}>
        {told}
      </Dialog>
    );
  }
}
