import { useId, useState, type FormEvent, type ReactElement } from 'react';
import type { TopicJson, TopicText } from '../../../domain/mod.ts';

/** What a person tells of a topic here; its papers stay as they are. */
export type TopicSaid = TopicText;

const LISTS = ['require', 'exclude', 'authors', 'categories'] as const;
type ListName = (typeof LISTS)[number];

const LABELS: { readonly [name in ListName]: string } = {
  require: 'Must say, every one',
  exclude: 'Must not say',
  authors: 'Everything by these authors',
  categories: 'Only of these categories',
};

/** As it is written in a field: names may have commas, so lists are split at semicolons where there are any. */
const listOf = (text: string): string[] =>
  text
    .split(text.includes(';') ? ';' : ',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

const textOf = (list: readonly string[]): string =>
  list.join(list.some((one) => one.includes(',')) ? '; ' : ', ') +
  (list.length === 1 && list[0]?.includes(',') ? ';' : '');

interface TopicFormProps {
  readonly topic?: TopicJson;
  /** Resolves with whether it was taken; what was typed stays where it was not. */
  readonly onSave: (said: TopicSaid) => Promise<boolean>;
  readonly onCancel: () => void;
}

/** A topic in the reader's own words. */
export function TopicForm({ topic, onSave, onCancel }: TopicFormProps): ReactElement {
  const id = useId();
  const [name, setName] = useState(topic?.name ?? '');
  const [text, setText] = useState(topic?.text ?? '');
  const [lists, setLists] = useState<Readonly<Record<ListName, string>>>({
    require: textOf(topic?.require ?? []),
    exclude: textOf(topic?.exclude ?? []),
    authors: textOf(topic?.authors ?? []),
    categories: textOf(topic?.categories ?? []),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { require, exclude, authors, categories } = lists;
    void onSave({
      ...{ name: name.trim(), text: text.trim(), require: listOf(require), exclude: listOf(exclude) },
      ...{ authors: listOf(authors), categories: listOf(categories) },
    });
  };
  return (
    <form className="topic-form" onSubmit={submit}>
      <div className="field">
        <label htmlFor={`${id}-name`}>Name of the topic</label>
        <input
          id={`${id}-name`}
          type="text"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-text`}>What it is about, in a sentence or as an abstract</label>
        <textarea id={`${id}-text`} rows={3} value={text} onChange={(event) => setText(event.target.value)} />
      </div>
      <div className="topic-lists">
        {LISTS.map((list) => (
          <div className="field" key={list}>
            <label htmlFor={`${id}-${list}`}>{LABELS[list]}</label>
            <input
              id={`${id}-${list}`}
              type="text"
              value={lists[list]}
              onChange={(event) => setLists({ ...lists, [list]: event.target.value })}
            />
          </div>
        ))}
      </div>
      <p className="field-hint">Several are parted by commas.</p>
      <p className="drawer-row">
        <button type="submit" className="button button-main">
          {topic ? 'Save' : 'Add the topic'}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}
