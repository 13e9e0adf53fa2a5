import type { Format } from './contract.ts';
import type { When } from './fields.ts';
import { fromHtml } from './markup.ts';
import { displayName } from './names.ts';
import { cleanText } from './text.ts';
import { checkedPaper, readXmlPapers, whenIn, type FoundPaper, type Outcome } from './xml-paper.ts';
import {
  childOf,
  childrenOf,
  isMarkedUp,
  markupIn,
  rootOf,
  textIn,
  textOf,
  textsIn,
  type XmlElement,
} from './xml-records.ts';

/** How PubMed writes suffixes, and how people do. */
const SUFFIXES: Readonly<Record<string, string>> = { Jr: 'Jr.', Sr: 'Sr.', '2nd': 'II', '3rd': 'III', '4th': 'IV' };

function pathOf(element: XmlElement | undefined, ...names: readonly string[]): XmlElement | undefined {
  return names.reduce((parent, name) => childOf(parent, name), element);
}

/** Text that may be marked up, with formulas in MathML. Where it is not, `<` and `&` are meant as they stand. */
function plainText(element: XmlElement | undefined): string {
  return isMarkedUp(element) ? fromHtml(markupIn(element)) : textOf(element);
}

/** `METHODS: …` for a labelled section, one after the other. */
function abstractOf(abstract: XmlElement | undefined): string {
  const sections = childrenOf(abstract, 'AbstractText').map((section) => {
    const label = section.attributes['Label'];
    const text = plainText(section);
    return label === undefined || label === '' || /^unlabell?ed$/i.test(label) ? text : `${label}: ${text}`;
  });
  return sections.join(' ');
}

function isValid({ attributes }: XmlElement): boolean {
  return attributes['ValidYN'] !== 'N';
}

function authorsOf(list: XmlElement | undefined): string[] {
  return childrenOf(list, 'Author')
    .filter(isValid)
    .map((author) => {
      const suffix = textIn(author, 'Suffix')?.trim() ?? '';
      return displayName({
        family: textIn(author, 'LastName') ?? textIn(author, 'CollectiveName') ?? '',
        given: textIn(author, 'ForeName') ?? textIn(author, 'Initials'),
        suffix: SUFFIXES[suffix] ?? suffix,
      });
    });
}

/** `2000 Spring` and `1998 Dec-1999 Jan` tell the year. */
function dated(date: XmlElement | undefined): Partial<When> {
  const parts = ['Year', 'Month', 'Day'].flatMap((name) => textIn(date, name)?.trim() || []);
  const numbers = parts.every((part) => /^\d+$/.test(part));
  return whenIn(parts.join(numbers ? '-' : ' ') || textIn(date, 'MedlineDate'));
}

/** The day it first came out; electronic publication comes before the issue. */
function publicationOf(article: XmlElement): Partial<When> {
  const electronic = dated(childOf(article, 'ArticleDate'));
  if (electronic.date !== undefined) return electronic;
  return dated(pathOf(article, 'Journal', 'JournalIssue', 'PubDate') ?? pathOf(article, 'Book', 'PubDate'));
}

/** PubMed ends titles with a period, and puts translated ones into brackets. */
function titleOf(title: string | undefined): string | undefined {
  const clean = cleanText(title ?? '').replace(/(?<!\b\w)\.$/u, '');
  return /^\[[^[\]]*\]$/.test(clean) ? clean.slice(1, -1).replace(/\.$/, '') : clean || undefined;
}

function isMajor(heading: XmlElement): boolean {
  return heading.children.some((child) => typeof child !== 'string' && child.attributes['MajorTopicYN'] === 'Y');
}

/** The authors' keywords, then the headings that the paper is mainly about. */
function keywordsOf(citation: XmlElement): string[] {
  const keywords = childrenOf(citation, 'KeywordList').flatMap((list) => textsIn(list, 'Keyword'));
  const headings = childrenOf(childOf(citation, 'MeshHeadingList'), 'MeshHeading').filter(isMajor);
  return [...keywords, ...headings.flatMap((heading) => textsIn(heading, 'DescriptorName'))];
}

function isRetracted(citation: XmlElement, article: XmlElement): boolean {
  const types = childrenOf(childOf(article, 'PublicationTypeList'), 'PublicationType');
  const remarks = childrenOf(childOf(citation, 'CommentsCorrectionsList'), 'CommentsCorrections');
  return (
    types.some((type) => type.attributes['UI'] === 'D016441' || textOf(type).trim() === 'Retracted Publication') ||
    remarks.some((remark) => remark.attributes['RefType'] === 'RetractionIn')
  );
}

function doiOf(article: XmlElement, around: XmlElement | undefined): string | undefined {
  const location = childrenOf(article, 'ELocationID').find((id) => id.attributes['EIdType'] === 'doi' && isValid(id));
  const ids = childrenOf(childOf(around, 'ArticleIdList'), 'ArticleId');
  const doi = location ?? ids.find((id) => id.attributes['IdType'] === 'doi');
  return doi && textOf(doi).trim();
}

/** An article of a journal: the citation holds the article. A chapter of a book: one element holds all. */
function found(citation: XmlElement, article: XmlElement, around: XmlElement | undefined): FoundPaper {
  const articleTitle = childOf(article, 'ArticleTitle');
  const bookTitle = textIn(childOf(article, 'Book'), 'BookTitle');
  const abstract = childOf(article, 'Abstract') ?? childOf(citation, 'OtherAbstract');
  const authors = childOf(article, 'AuthorList') ?? pathOf(article, 'Book', 'AuthorList');
  return {
    ids: { pmid: textIn(citation, 'PMID')?.trim() ?? '' },
    doi: doiOf(article, around),
    title: titleOf(articleTitle ? plainText(articleTitle) : bookTitle) ?? titleOf(textIn(article, 'VernacularTitle')),
    abstract: abstractOf(abstract),
    authors: authorsOf(authors),
    ...publicationOf(article),
    venue: textIn(childOf(article, 'Journal'), 'Title') ?? (articleTitle === undefined ? undefined : bookTitle),
    keywords: keywordsOf(citation),
    withdrawn: isRetracted(citation, article),
  };
}

function outcomesOf(element: XmlElement): Outcome[] {
  if (element.name === 'DeleteCitation' || element.name === 'DeleteDocument')
    return textsIn(element, 'PMID').map((pmid) => ({ withdrawn: `PMID:${pmid.trim()}` }));
  if (element.name === 'PubmedBookArticle') {
    const book = childOf(element, 'BookDocument');
    return [book ? checkedPaper(found(book, book, book)) : { reason: 'there is no BookDocument in it' }];
  }
  const citation = element.name === 'MedlineCitation' ? element : childOf(element, 'MedlineCitation');
  const article = childOf(citation, 'Article');
  if (!citation || !article) return [{ reason: 'there is no Article in it' }];
  return [checkedPaper(found(citation, article, childOf(element, 'PubmedData')))];
}

const RECORDS = ['PubmedArticle', 'PubmedBookArticle', 'MedlineCitation', 'DeleteCitation', 'DeleteDocument'];

/** PubMed's XML, of its API (efetch) and of its yearly and daily files. */
export const pubmed: Format = {
  name: 'pubmed',
  title: 'PubMed XML',
  recognises(beginning) {
    const root = rootOf(beginning)?.name ?? '';
    return (
      root === 'PubmedArticleSet' ||
      root === 'MedlineCitationSet' ||
      root === 'PubmedBookArticleSet' ||
      RECORDS.includes(root)
    );
  },
  read: (content) => readXmlPapers(content, new Set(RECORDS), outcomesOf),
};
