import { decodeHTMLStrict } from 'entities';

const names = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Tags of HTML and JATS that part words. */
const BLOCKS = names(
  'p div br hr li ul ol dl dt dd h1 h2 h3 h4 h5 h6 table tr td th thead tbody caption section article header footer blockquote pre ' +
    'figure figcaption title sec abstract trans-abstract list list-item def-list disp-quote label break',
);
/** Tags that stand within words. Not `s`: `<s>` and `</s>` are tokens of language models. */
const INLINES = names(
  'a abbr b i u em strong sub sup small big span font tt code kbd samp var cite q mark del ins strike sc wbr nobr bdi bdo img ' +
    'italic bold roman underline monospace overline sans-serif styled-content named-content ext-link uri email xref inline-graphic',
);
/** Tags that HTML lets stand alone; of the others `<i>` without `</i>` is a placeholder or a variable. */
const LONE = names('p br hr li img wbr dt dd');
const WORDLESS = names('script style');
const FORMULAS = names('math tex-math inline-formula disp-formula alternatives');

/** Attributes have to look like attributes, so that `x <b and c> d` is no tag. Every length is bounded: no backtracking to speak of. */
const ATTRIBUTES = /(?:\s{1,20}[\w:.-]{1,60}\s?=\s?(?:"[^"]{0,2000}"|'[^']{0,2000}'|[^\s"'<>=]{1,500}))*/.source;
/** Formulas come first and are passed over; then what is not text, then tags. */
const TOKEN = new RegExp(
  [
    /\$\$[^$]{1,2000}\$\$/.source,
    /\$(?![\s$])[^$]{1,2000}(?<![\s\\])\$(?!\d)/.source,
    /<!--/.source,
    /<!\[CDATA\[|\]\]>/.source,
    /<[!?][a-zA-Z][^<>]{0,500}>/.source,
    `<(/?)((?:[a-z]{1,8}:)?[a-zA-Z][a-zA-Z0-9-]{0,30})(${ATTRIBUTES})\\s{0,20}/?>`,
  ].join('|'),
  'g',
);

interface Tag {
  readonly text: string;
  readonly closing: boolean;
  /** Without the prefix of its namespace, in lower case. */
  readonly name: string;
  readonly prefix: string;
  readonly attributes: string;
}

function tagOf([text, slash, qualified = '', attributes = '']: RegExpExecArray): Tag {
  const colon = qualified.indexOf(':');
  const name = qualified.slice(colon + 1).toLowerCase();
  return { text, closing: slash === '/', name, prefix: qualified.slice(0, colon + 1), attributes };
}

/** One pass over a text; what closes nowhere is looked for once. */
class Stripper {
  private readonly text: string;
  private readonly lower: string;
  private readonly absent = new Map<string, number>();
  private out = '';

  constructor(text: string) {
    this.text = text;
    this.lower = text.toLowerCase();
  }

  strip(): string {
    const tokens = new RegExp(TOKEN);
    let start = 0;
    for (let match = tokens.exec(this.text); match; match = tokens.exec(this.text)) {
      this.out += this.text.slice(start, match.index);
      start = this.token(match, tokens.lastIndex);
      tokens.lastIndex = start;
    }
    return this.out + this.text.slice(start);
  }

  private token(match: RegExpExecArray, end: number): number {
    if (match[2] !== undefined) return this.tag(tagOf(match), end);
    const [token] = match;
    if (token.startsWith('$')) this.out += token;
    if (token !== '<!--') return end;
    const close = this.find('-->', end);
    if (close < 0) this.out += token;
    return close < 0 ? end : close + 3;
  }

  private tag(tag: Tag, end: number): number {
    const { name, prefix, closing } = tag;
    if (!closing && WORDLESS.has(name)) {
      const close = this.closeOf(tag, end);
      return close < 0 ? end : this.afterTag(close);
    }
    if (!closing && FORMULAS.has(name)) {
      const close = this.closeOf(tag, end);
      if (close >= 0) {
        this.out += formula(tag, this.text.slice(end, close));
        return this.afterTag(close);
      }
    }
    if (BLOCKS.has(name) && this.isTag(tag)) this.out += ' ';
    else if (name === 'sup' && !closing && this.isTag(tag)) this.out += this.power(end);
    // Of a namespace no more is known than that it marks up text.
    else if (prefix === '' && !(INLINES.has(name) && this.isTag(tag))) this.out += tag.text;
    return end;
  }

  private isTag(tag: Tag): boolean {
    if (tag.prefix !== '' || tag.attributes !== '' || LONE.has(tag.name)) return true;
    return this.find(`</${tag.name}>`, 0) >= 0 && (!tag.closing || this.find(`<${tag.name}`, 0) >= 0);
  }

  /** 10<sup>-3</sup> is not 10-3. */
  private power(at: number): string {
    return /\d$/.test(this.out) && /^[-+−–]?\d/.test(this.text.slice(at, at + 2)) ? '^' : '';
  }

  private closeOf(tag: Tag, from: number): number {
    return this.find(`</${tag.prefix.toLowerCase()}${tag.name}`, from);
  }

  private afterTag(close: number): number {
    const end = this.text.indexOf('>', close);
    return end < 0 ? this.text.length : end + 1;
  }

  private find(what: string, from: number): number {
    if (from >= (this.absent.get(what) ?? Infinity)) return -1;
    const found = this.lower.indexOf(what, from);
    if (found < 0) this.absent.set(what, from);
    return found;
  }
}

const textOnly = (xml: string): string => xml.replace(/<[^<>]{0,4000}>/g, '').replace(/\s+/g, ' ');

/** No real formula is longer, even with the TeX document that some sources write around it. */
const MAX_FORMULA_CHARS = 20_000;

/** The formula of an element: its TeX between dollars where the source has it, else its characters. */
function formula({ name, attributes }: Tag, inner: string): string {
  const characters = textOnly(inner);
  if (inner.length > MAX_FORMULA_CHARS) return characters;
  if (name === 'tex-math') return asMath(characters);
  const tex = texIn(inner) ?? /\salttext\s?=\s?(?:"([^"]*)"|'([^']*)')/.exec(attributes)?.[1];
  if (tex !== undefined) return asMath(textOnly(tex));
  // The parts of a formula in MathML stand on lines of their own.
  return name === 'math' || /<(?:\w{1,8}:)?math[\s>]/.test(inner) ? characters.replace(/\s/g, '') : characters;
}

function texIn(inner: string): string | undefined {
  return (
    /<(?:\w{1,8}:)?tex-math(?:\s[^<>]*)?>([^<]*)</.exec(inner)?.[1] ??
    /<(?:\w{1,8}:)?annotation\s[^<>]*application\/x-tex[^<>]*>([^<]*)</.exec(inner)?.[1] ??
    /<(?:\w{1,8}:)?math\s[^<>]*\balttext\s?=\s?"([^"<>]*)"/.exec(inner)?.[1]
  );
}

/** Springer and PubMed Central write a whole TeX document around each formula. */
function asMath(tex: string): string {
  const begin = tex.indexOf('\\begin{document}');
  const end = tex.lastIndexOf('\\end{document}');
  const body = begin >= 0 && end > begin ? tex.slice(begin + '\\begin{document}'.length, end) : tex;
  const bare = body.trim().replace(/^(?:\$+|\\[([])\s?|\s?(?:(?<!\$)\$+|\\[)\]])$/g, '');
  return bare === '' ? '' : `$${bare}$`;
}

/** Abstracts in JATS often begin with a heading of that name. */
const HEADING = /^\s{0,100}<(?:jats:)?title>\s?Abstract[.:]?\s?<\/(?:jats:)?title>/i;

/** What may still be markup after its entities were decoded. */
const MARKUP = /<[/a-zA-Z!]|&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#x[0-9a-fA-F]{1,6});/;

/**
 * Text of a source that writes HTML, JATS or MathML: tags go (a block leaves a blank), entities are decoded, formulas stay TeX
 * between dollars. What only looks like a tag (`a < b`, `p<0.05`, `<think>`) stays. Linear in the text's length.
 */
export function fromHtml(text: string): string {
  let clean = text.replace(HEADING, '');
  // Feeds escape the markup of their texts, and some sources escape twice what others escape once.
  for (let round = 0; round < 3 && MARKUP.test(clean); round += 1) {
    const before = clean;
    if (clean.includes('<')) clean = new Stripper(clean).strip();
    if (clean.includes('&')) clean = decodeHTMLStrict(clean);
    if (clean === before) break;
  }
  return clean;
}
