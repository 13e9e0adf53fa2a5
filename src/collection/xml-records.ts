import { decodeHTMLStrict } from 'entities';
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { AppError } from '../errors.ts';
import type { Content } from './contract.ts';
import { damage } from './lines.ts';
import { Cutter } from './xml-cutter.ts';

/** An element with all that is in it. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  /** `''` for none. */
  readonly namespace: string;
  /** By their names as written, prefix included. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: ReadonlyArray<XmlElement | string>;
}

/** A wanted element, or why there is none; `line` is where it begins. */
export type XmlRecord =
  | { readonly kind: 'element'; readonly element: XmlElement; readonly line: number }
  | { readonly kind: 'rejected'; readonly reason: string; readonly line: number };

/** Real records are nested some ten deep; saxes looks through all open tags for a namespace, so depth costs time squared. */
const MAX_DEPTH = 100;
const MAX_ATTRIBUTES = 1_000;
/** A paper of 5,000 authors with their affiliations has some 50,000; each takes half a kilobyte. */
const MAX_ELEMENTS = 200_000;
/** Small chunks are joined, for each costs a copy of what is kept of the record at hand. */
const CHUNK_BYTES = 64 * 1024;
/** `&` that begins no entity. */
const BARE_AMPERSAND = /&(?!#?\w{1,40};)/g;
/** XML allows no control characters, real feeds hold some; they carry no text. */
const FORBIDDEN = /[\p{Cc}\uFFFE\uFFFF](?<![\t\n\r])/gu;

/** The text of an entity that XML or HTML defines. What a document type declares is never expanded. */
function entity(name: string): string | undefined {
  const written = `&${name};`;
  const text = decodeHTMLStrict(written);
  return text === written ? undefined : text;
}

/** For saxes, which asks for the entities in attributes. */
const ENTITIES: Record<string, string> = new Proxy({}, { get: (_, name) => entity(String(name)) });

/** Thrown and caught within this file: there is no other way to stop saxes. */
class Stop extends Error {}

type Options = {
  readonly xmlns: true;
  readonly fragment: true;
  readonly position: false;
  readonly resolvePrefix?: (prefix: string) => string | undefined;
};

/** Saxes, kept from being led deep or wide. It stops at the first fault. */
class GuardedParser {
  readonly saxes: SaxesParser<Options>;
  depth = 0;
  fault: string | undefined;

  constructor(options: Pick<Options, 'resolvePrefix'> & { readonly open?: (tag: SaxesTagNS) => void }) {
    const { open, ...resolving } = options;
    this.saxes = new SaxesParser<Options>({ xmlns: true, fragment: true, position: false, ...resolving });
    this.saxes.ENTITIES = ENTITIES;
    let attributes = 0;
    this.saxes.on('opentagstart', () => {
      attributes = 0;
      this.depth += 1;
      if (this.depth > MAX_DEPTH) this.stop(`elements are nested more than ${MAX_DEPTH} deep`);
    });
    this.saxes.on('attribute', () => {
      attributes += 1;
      if (attributes > MAX_ATTRIBUTES) this.stop(`a tag has more than ${MAX_ATTRIBUTES} attributes`);
    });
    this.saxes.on('opentag', (tag) => open?.(tag));
    this.saxes.on('error', ({ message }) => this.stop(`not well-formed XML: ${message.replace(/\.$/, '')}`));
  }

  /** A part of a comment or of CDATA, or a tag. */
  write(markup: string): void {
    try {
      this.saxes.write(markup);
    } catch (thrown) {
      if (!(thrown instanceof Stop)) throw thrown;
    }
  }

  /** A tag. A bare `&`, as the addresses in feeds hold, would make saxes wait for a `;`. */
  writeTag(tag: string): void {
    this.write(tag.includes('&') ? tag.replace(BARE_AMPERSAND, '&amp;') : tag);
  }

  stop(fault: string): never {
    this.fault = fault;
    throw new Stop();
  }
}

class Growing implements XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Record<string, string> = {};
  readonly children: Array<XmlElement | string> = [];

  constructor({ local, uri, attributes }: SaxesTagNS) {
    this.name = local;
    this.namespace = uri;
    for (const name in attributes) this.attributes[name] = attributes[name]?.value ?? '';
  }
}

/** The tags around the records. */
class Outline {
  /** What each open tag declares. */
  private readonly open: Array<Readonly<Record<string, string>>> = [];
  private readonly parser = new GuardedParser({ open: (tag) => this.open.push(tag.ns) });

  constructor() {
    this.parser.saxes.on('closetag', () => {
      this.parser.depth -= 1;
      this.open.pop();
    });
  }

  get isOpen(): boolean {
    return this.open.length > 0;
  }

  /** What is wrong with the tag. */
  faultOf(tag: string): string | undefined {
    this.parser.writeTag(tag);
    return this.parser.fault;
  }

  /** The namespace of a prefix, `''` for the default one, at the point that is reached. */
  resolve(prefix: string): string | undefined {
    for (let at = this.open.length - 1; at >= 0; at -= 1) {
      const uri = this.open[at]?.[prefix];
      if (uri !== undefined) return uri;
    }
    return undefined;
  }
}

/** Text between tags; `undefined` for an entity that nobody knows. A bare `&`, as feeds write it, stands for itself. */
function decoded(text: string): string | undefined {
  if (!text.includes('&')) return text;
  for (const [, name = ''] of text.matchAll(/&([a-z][\w.-]*);/gi)) if (entity(name) === undefined) return undefined;
  return decodeHTMLStrict(text);
}

/**
 * Parses one element of a document, whose namespaces are those of `outline`. Saxes reads the tags and all other markup; the
 * text between them, which is most of a record, it would go through character by character for nothing.
 */
class ElementParser {
  private readonly parser: GuardedParser;
  private root: Growing | undefined;
  private readonly open: Growing[] = [];
  private elements = 0;
  /** Whether the markup that was written last is there to its end. */
  private whole = true;

  constructor(outline: Outline) {
    this.parser = new GuardedParser({
      resolvePrefix: (prefix) => outline.resolve(prefix),
      open: (tag) => this.opened(new Growing(tag)),
    });
    const { saxes } = this.parser;
    const ended = () => {
      this.whole = true;
    };
    saxes.on('closetag', () => {
      this.parser.depth -= 1;
      this.open.pop();
      ended();
    });
    saxes.on('cdata', (text) => {
      this.add(text);
      ended();
    });
    saxes.on('comment', ended);
    saxes.on('processinginstruction', ended);
  }

  /** `line` is where the element begins. */
  parse(xml: string, line: number): XmlElement | { readonly reason: string } {
    let at = 0;
    let fault: string | undefined;
    while (at < xml.length && fault === undefined) {
      const markup = xml.indexOf('<', at);
      const end = markup < 0 ? xml.length : markup;
      const text = decoded(xml.slice(at, end));
      if (text === undefined) fault = 'not well-formed XML: undefined entity';
      else {
        if (text !== '') this.add(text);
        at = this.pastMarkup(xml, end);
        ({ fault } = this.parser);
      }
    }
    if (fault === undefined && this.root && this.open.length === 0) return this.root;
    const reason = fault ?? 'not well-formed XML: a tag is not closed';
    const faulty = line + (xml.slice(0, at).match(/\n/g)?.length ?? 0);
    return { reason: faulty === line ? reason : `${reason} (line ${faulty})` };
  }

  private opened(element: Growing): void {
    this.elements += 1;
    if (this.elements > MAX_ELEMENTS) this.parser.stop(`the record holds more than ${MAX_ELEMENTS} elements`);
    this.open.at(-1)?.children.push(element);
    this.root ??= element;
    this.open.push(element);
    this.whole = true;
  }

  private add(text: string): void {
    this.open.at(-1)?.children.push(text);
  }

  /** Where the markup at `from` ends: at a `>`, though not at one within quotes, CDATA or a comment. */
  private pastMarkup(xml: string, from: number): number {
    const isTag = !xml.startsWith('<!', from) && !xml.startsWith('<?', from);
    let at = from;
    this.whole = false;
    while (at < xml.length && !this.whole && this.parser.fault === undefined) {
      const end = xml.indexOf('>', at);
      const markup = xml.slice(at, end < 0 ? xml.length : end + 1);
      if (isTag) this.parser.writeTag(markup);
      else this.parser.write(markup);
      at += markup.length;
    }
    return at;
  }
}

async function* joinedChunks(content: Content, lineReached: () => number): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let failed: { readonly thrown: unknown } | undefined;
  try {
    for await (const chunk of content.chunks) {
      parts.push(chunk);
      bytes += chunk.length;
      if (bytes < CHUNK_BYTES) continue;
      yield parts.length === 1 ? chunk : Buffer.concat(parts);
      parts = [];
      bytes = 0;
    }
  } catch (thrown) {
    failed = { thrown };
  }
  if (bytes > 0) yield Buffer.concat(parts);
  if (failed) throw damage(content.file, lineReached(), failed.thrown);
}

/**
 * The elements with a wanted local name that are not within another such element, each parsed on its own: an ill-formed or
 * too large one is rejected and reading goes on. Memory is bounded by `content.maxRecordBytes`.
 * Throws BAD_INPUT with the line where what surrounds them is ill-formed or the document ends early.
 */
export async function* readElements(content: Content, wanted: ReadonlySet<string>): AsyncGenerator<XmlRecord> {
  const { file } = content;
  const cutter = new Cutter(wanted, content.maxRecordBytes);
  const outline = new Outline();
  let bytes = 0;
  let found = false;
  for await (const chunk of joinedChunks(content, () => cutter.lineReached)) {
    bytes += chunk.length;
    for (const cut of cutter.feed(chunk)) {
      const { kind, line } = cut;
      found = true;
      if (kind === 'lost') yield { kind: 'rejected', line, reason: cut.reason };
      else if (kind === 'element') {
        const parsed = new ElementParser(outline).parse(cut.bytes.toString('utf8').replace(FORBIDDEN, ' '), line);
        yield 'name' in parsed ? { kind, element: parsed, line } : { kind: 'rejected', line, reason: parsed.reason };
      } else {
        const reason = outline.faultOf(cut.bytes.toString('utf8'));
        if (reason) throw new AppError('BAD_INPUT', { file, line, reason });
      }
    }
  }
  const early = outline.isOpen ? 'the XML ends before its end tags' : undefined;
  const reason = cutter.unfinished() ?? early ?? (bytes > 0 && !found ? 'there is no XML in it' : undefined);
  if (reason) throw new AppError('BAD_INPUT', { file, line: cutter.lineReached, reason });
}

/** What the root element of a document is, from its beginning; `undefined` where that is no XML. */
export function rootOf(beginning: string): Pick<XmlElement, 'name' | 'namespace'> | undefined {
  const text = beginning.replace(/^\uFEFF?\s*/, '');
  if (!text.startsWith('<')) return undefined;
  const bytes = Buffer.from(text);
  const [first] = new Cutter(new Set(), bytes.length).feed(bytes);
  if (first?.kind !== 'tag') return undefined;
  const roots: XmlElement[] = [];
  const parser = new GuardedParser({ open: (tag) => roots.push(new Growing(tag)) });
  parser.writeTag(first.bytes.toString('utf8'));
  return parser.fault ? undefined : roots[0];
}

type Parent = Pick<XmlElement, 'children'>;

/** The children of that local name, in whatever namespace unless one is given. */
export function childrenOf(parent: Parent | undefined, name: string, namespace?: string): XmlElement[] {
  const found: XmlElement[] = [];
  for (const child of parent?.children ?? []) {
    if (typeof child === 'string' || child.name !== name) continue;
    if (namespace === undefined || child.namespace === namespace) found.push(child);
  }
  return found;
}

export function childOf(parent: Parent | undefined, name: string, namespace?: string): XmlElement | undefined {
  return childrenOf(parent, name, namespace)[0];
}

/** All text in an element, as it stands. */
export function textOf(element: XmlElement | undefined): string {
  let text = '';
  for (const child of element?.children ?? []) text += typeof child === 'string' ? child : textOf(child);
  return text;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What is in an element that holds marked-up text, as HTML without attributes. */
export function markupIn(element: XmlElement | undefined): string {
  let html = '';
  for (const child of element?.children ?? []) {
    if (typeof child === 'string') html += child.replace(/[&<>]/g, (sign) => ESCAPES[sign] ?? '');
    else html += `<${child.name}>${markupIn(child)}</${child.name}>`;
  }
  return html;
}

export function isMarkedUp(element: XmlElement | undefined): boolean {
  return element?.children.some((child) => typeof child !== 'string') === true;
}

/** The text of the first child of that name, `undefined` where there is none. */
export function textIn(parent: Parent | undefined, name: string, namespace?: string): string | undefined {
  const child = childOf(parent, name, namespace);
  return child && textOf(child);
}

/** The texts of the children of that name. */
export function textsIn(parent: Parent | undefined, name: string, namespace?: string): string[] {
  return childrenOf(parent, name, namespace).map(textOf);
}
