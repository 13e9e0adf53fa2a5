import { Fragment, type ReactElement, type ReactNode } from 'react';
import { formatPaperId, ID_SCHEMES, type PaperJson, versionAddress } from '../../domain/mod.ts';
import { dayText } from '../days.ts';
import { countText } from '../numbers.ts';
import { RichText } from './rich-text.tsx';

function Versions({ paper }: { readonly paper: PaperJson }): ReactElement {
  return (
    <ul className="versions">
      {paper.versions.map(({ number, date }) => {
        const href = versionAddress(paper, number);
        const name = `v${number}`;
        return (
          <li key={number}>
            {href === undefined ? (
              name
            ) : (
              <a href={href} target="_blank" rel="noopener noreferrer">
                {name}
              </a>
            )}
            {date !== undefined && ` ${dayText(date)}`}
            {number === paper.version && paper.versions.length > 1 && ' (this text)'}
          </li>
        );
      })}
    </ul>
  );
}

/** Every id that finds the paper, the one it goes by first. */
function idsOf({ id, ids, aliases }: PaperJson): readonly string[] {
  const named = ID_SCHEMES.flatMap((scheme) => {
    const value = ids[scheme];
    return value === undefined ? [] : [formatPaperId({ scheme, value })];
  });
  return [...new Set([id, ...named, ...aliases])];
}

const text = (value: string | null): ReactNode => (value ? <RichText text={value} /> : undefined);

export function Facts({ paper }: { readonly paper: PaperJson }): ReactElement {
  const { date, year, citations, upvotes } = paper;
  const facts: ReadonlyArray<readonly [name: string, value: ReactNode]> = [
    ['Published', date === null ? (year ?? undefined) : dayText(date)],
    ['In', text(paper.venue)],
    ['Versions', paper.versions.length > 0 ? <Versions paper={paper} /> : undefined],
    ['Cited', citations === null ? undefined : `${countText(citations)} times`],
    ['Votes', upvotes === null ? undefined : countText(upvotes)],
    ['Keywords', text(paper.keywords.join(', '))],
    ['Comment', text(paper.comment)],
    [
      'Ids',
      idsOf(paper).map((id, at) => (
        <Fragment key={id}>
          {at > 0 && ' · '}
          <span className="paper-id">{id}</span>
        </Fragment>
      )),
    ],
    ['Imported from', paper.sources.join(', ')],
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) =>
        value === undefined ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
