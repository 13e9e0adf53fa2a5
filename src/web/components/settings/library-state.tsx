import type { ReactElement } from 'react';
import type { Stats } from '../../../domain/mod.ts';
import { statsRequest } from '../../api/requests.ts';
import { useAnswer } from '../../hooks/use-answer.ts';
import { bytesText, countText } from '../../numbers.ts';
import { RowsSkeleton, Section, SectionProblem } from './section.tsx';

function factsOf(stats: Stats): ReadonlyArray<readonly [name: string, value: string]> {
  const { papers, withAbstract, embedded, pending, model, fingerprint, generation, diskBytes, years, workspace } =
    stats;
  return [
    ['Papers', countText(papers)],
    ['With an abstract', countText(withAbstract)],
    ['Searched by meaning', countText(embedded)],
    ['Not yet by meaning', countText(pending)],
    ['Years', years ? `${years.from} to ${years.to}` : 'none'],
    ['On disk', bytesText(diskBytes)],
    ['Model', model ? `${model.name}, ${model.dimensions} dimensions` : 'none yet'],
    ['Version of the model', fingerprint ?? 'none yet'],
    ['Search index written', generation === 1 ? 'once' : `${countText(generation)} times`],
    ['Folder', workspace],
  ];
}

export function LibraryState(): ReactElement {
  const asked = useAnswer(statsRequest);
  const { value } = asked;
  return (
    <Section id="state" title="Collection" lead="What is stored, and how it can be searched.">
      {asked.state === 'failed' && !value && <SectionProblem problem={asked.problem} onRetry={asked.retry} />}
      {asked.state === 'loading' && !value && <RowsSkeleton rows={3} />}
      {value && (
        <dl className="state-facts">
          {factsOf(value).map(([name, fact]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{fact}</dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  );
}
