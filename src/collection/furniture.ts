/**
 * Lines of a papers page that are neither title nor abstract. Each rule names a kind of line that such pages share; a
 * whole line must match, so that a title which merely mentions votes or dates is not lost.
 */

const MONTH = String.raw`(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?`;
const WEEKDAY = String.raw`(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?`;
const DAY = String.raw`\d{1,2}(?:st|nd|rd|th)?`;
const DATE = String.raw`(?:${WEEKDAY}\s+)?(?:${MONTH}\s+${DAY}|${DAY}\s+${MONTH})(?:,?\s+\d{4})?|${WEEKDAY}|${MONTH}\s+\d{4}|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}`;
const AGO = String.raw`(?:an?|\d+)\s+(?:minute|hour|day|week|month|year)s?\s+ago|today|yesterday`;
const COUNT = String.raw`[\d.,]+\s*[km]?`;
const COUNTED = String.raw`(?:authors?|comments?|votes?|upvotes?|likes?|stars?|views?|citations?|papers?|models?|datasets?|spaces?|pages?|replies|results?|followers?|downloads?)`;

const WORDS = String.raw`(?:\s+\S+)`;

const RULES: readonly string[] = [
  // A date or an age, alone or as "Published on May 13".
  String.raw`(?:(?:published|submitted|posted|updated|announced|added|released)(?:\s+on)?:?\s+)?(?:${DATE}|${AGO})`,
  // Who brought it here: "Submitted by ada", "by Ada and the research community".
  String.raw`(?:submitted|posted|shared|curated|published|uploaded|brought to you|powered|made)\s+by${WORDS}{1,4}`,
  String.raw`by${WORDS}{1,5}\s+(?:community|team)`,
  // Counts: "34", "Upvote 34", "12 authors", "GitHub 1.2k", "★ 120".
  String.raw`(?:[★☆▲△↑⬆👍❤♥💬+·•-]\s*)*${COUNT}(?:\s+${COUNTED})?`,
  String.raw`(?:upvoted?|cited by|github|code|${COUNTED})[:\s]*(?:★\s*)?(?:${COUNT}|\(${COUNT}\))?`,
  // Links of a paper and of the page.
  String.raw`(?:view|read|show|see|open|load|download|get|browse|explore)\s+(?:(?:the|on|all|more|less|full|latest|as)\s+)*(?:pdf|html|arxiv|papers?|abstract|details|code|project(?: page)?|github|all|more|less|text|hugging ?face)(?:\s+\w+)?`,
  String.raw`(?:arxiv|project|paper|code|github|openreview|doi|hugging ?face)(?:\s+(?:page|link|abs|pdf|html|repo(?:sitory)?|website))*`,
  String.raw`(?:pdf|html|abs|bibtex|cite|share|save|bookmark|copy link|supplementary|poster|slides|video|demo)(?:\s*[|/·•]\s*\w+)*`,
  // Navigation and account.
  String.raw`(?:new|hot|top|trending|latest|recent|popular|featured|daily|weekly|monthly|all|home|search|filter|sort(?: by${WORDS}{1,3})?|menu|more|less|next|previous|prev|back|newest|oldest)(?:\s+papers?)?`,
  String.raw`(?:sign|log)\s*(?:in|up|out)|subscribed?|unsubscribe|register|join(?: (?:us|now|the community))?|follow(?:ing)?|settings|profile|notifications?`,
  String.raw`page\s+\d+(?:\s+of\s+\d+)?|\d+\s*(?:-|–|to|of|/)\s*\d+(?:\s+of\s+\d+)?|[«‹<←]+\s*(?:prev.*)?|(?:next\s*)?[»›>→]+`,
  // The page about itself: its newsletter, its cookies, its legal foot.
  String.raw`(?:get|receive|subscribe|sign up|join|want)\b.*\b(?:newsletter|inbox|e-?mails?)\b.*`,
  String.raw`(?:subscribe|sign up|sign in|log in)\s+(?:to|for|now|here|with)\b.*`,
  String.raw`(?:we|this (?:site|page)) uses? cookies\b.*|accept(?: all)? cookies|cookie (?:policy|settings|preferences)`,
  String.raw`(?:copyright\s+)?(?:©|\(c\)|\d{4}\s+©).*|copyright\s+\d{4}.*|.*\ball rights reserved`,
  String.raw`(?:about|contact|privacy(?: policy)?|terms(?: of (?:use|service))?|tos|jobs|careers|docs|documentation|help|blog|pricing|imprint|company|website|system theme|feedback|api|status)`,
  // Nothing but signs.
  String.raw`[^\p{L}\p{N}]+`,
];

const WHOLE_LINE = [
  ...RULES.map((rule) => new RegExp(`^(?:[·•|–-]\\s*)?(?:${rule})\\s*[.!:→›»]?$`, 'iu')),
  // A byline as saved pages run it together, "byAda Lovelace"; only the capital tells it from "Bypassing …".
  /^by\p{Lu}/u,
];

/** Longest line looked at: furniture is short, and matching long prose against every rule would be wasted time. */
const MAX_CHARS = 160;

export function isFurniture(line: string): boolean {
  return line.length <= MAX_CHARS && WHOLE_LINE.some((rule) => rule.test(line));
}
