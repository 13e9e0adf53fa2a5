import type { ReactElement } from 'react';
import type { FeedItem, Fewer } from '../../../domain/mod.ts';

function labelOf({ action, value }: Fewer, interest: FeedItem['interest']): string {
  switch (action) {
    case 'not-this-paper':
      return 'Not this paper';
    case 'not-this-kind':
      return 'Nothing of this kind';
    case 'hide-author':
      return `Nothing by ${value}`;
    case 'hide-venue':
      return `Nothing from ${value}`;
    case 'hide-term':
      return `Nothing that says “${value}”`;
    case 'mute-interest':
    default:
      return `Mute: ${interest?.name ?? value}`;
  }
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** What would make an item leave, and what each would change; pressed, it does so at once. */
export function FewerList({
  item,
  onFewer,
}: {
  readonly item: FeedItem;
  readonly onFewer: (fewer: Fewer) => void;
}): ReactElement {
  return (
    <ul className="fewer-list" aria-label="What to see less of">
      {item.fewer.map((fewer) => (
        <li key={fewer.action}>
          <button type="button" className="fewer-choice" onClick={() => onFewer(fewer)}>
            <strong>{labelOf(fewer, item.interest)}</strong>
            <span>{sentence(fewer.says)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
