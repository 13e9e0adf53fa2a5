import { Component, lazy, Suspense, useMemo, type ReactElement, type ReactNode } from 'react';
import { clamp, piecesOf, type Piece, type Range, type Segment, type TextStyle } from '../text/segments.ts';
import { segmentsOf } from '../text/tex.ts';

const Math = lazy(() => import('./math.tsx'));

/** When KaTeX cannot be loaded or fails, the formula's source is shown; the page goes on. */
class SourceOnFailure extends Component<{ readonly source: string; readonly children: ReactNode }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <code>{this.props.source}</code> : this.props.children;
  }
}

const ELEMENTS: { readonly [style in TextStyle]: (children: ReactNode) => ReactElement } = {
  emphasis: (children) => <em>{children}</em>,
  strong: (children) => <strong>{children}</strong>,
  code: (children) => <code>{children}</code>,
  smallcaps: (children) => <span className="small-caps">{children}</span>,
  superscript: (children) => <sup>{children}</sup>,
  subscript: (children) => <sub>{children}</sub>,
};

function content(segment: Segment): ReactNode {
  if (segment.kind !== 'math') return segment.text;
  return (
    <SourceOnFailure source={segment.tex}>
      <Suspense fallback={<span className="math-source">{segment.tex}</span>}>
        <Math tex={segment.tex} layout={segment.layout} />
      </Suspense>
    </SourceOnFailure>
  );
}

function styled({ segment }: Piece): ReactElement {
  const inner = segment.styles.reduceRight<ReactNode>((node, style) => ELEMENTS[style](node), content(segment));
  return <span key={segment.start}>{inner}</span>;
}

/** Pieces with the evidence, which may run over several styles and formulas, in one mark. */
function render(pieces: readonly Piece[]): ReactNode {
  const marked = pieces.filter((piece) => piece.role === 'evidence');
  if (marked.length === 0) return pieces.map(styled);
  const first = pieces.findIndex((piece) => piece.role === 'evidence');
  return (
    <>
      {pieces.slice(0, first).map(styled)}
      <mark>{marked.map(styled)}</mark>
      {pieces.slice(first + marked.length).map(styled)}
    </>
  );
}

interface RichTextProps {
  readonly text: string;
  /** The part to show; all of it when absent. */
  readonly shown?: Range;
  readonly evidence?: Range | undefined;
}

/** A title or abstract with its TeX set. Markup of any other kind is text: nothing in a paper is ever interpreted. */
export function RichText({ text, shown, evidence }: RichTextProps): ReactNode {
  const segments = useMemo(() => segmentsOf(text), [text]);
  const window = shown ?? { start: 0, end: text.length };
  return render(piecesOf(segments, window, evidence && clamp(evidence, text.length)));
}
