import type { Evidence, Facet } from '../domain/mod.ts';
import { sentences } from '../domain/sentences.ts';

/** What a sentence of an abstract is there for. */
export type Role = Facet | 'background';

interface Cue {
  readonly role: Role;
  readonly weight: number;
  readonly pattern: RegExp;
}

/*
 * Cues of plain scientific English, of what abstracts say of themselves. The heavier ones settle a sentence, the lighter ones tip
 * it; weights are halves, since finer ones change nothing. No pattern repeats a repetition, so each takes time by the
 * length of the text alone.
 */
const AUTHORS = String.raw`\b(?:we|i|authors|(?:this|the present|our) (?:paper|work|article|study|thesis|letter|note|survey|review))\s+(?:\w+\s+){0,2}`;
const CUES: readonly Cue[] = [
  // Structured abstracts name their parts.
  {
    role: 'problem',
    weight: 8,
    pattern: /^(?:background|objectives?|purpose|aims?|motivation|introduction|problem)\s*[:.–—]/,
  },
  {
    role: 'method',
    weight: 8,
    pattern: /^(?:materials and methods|methods?|design|approach|methodology|setting|participants)\s*[:.–—]/,
  },
  { role: 'result', weight: 8, pattern: /^(?:results?|findings|conclusions?|interpretation|discussion)\s*[:.–—]/ },

  // Where code and data lie says nothing of the work.
  {
    role: 'background',
    weight: 6,
    pattern:
      /\b(?:code|datasets?|data|models?|implementation|demo|page|video)\b.{0,80}\b(?:available|released|open-sourced|found) |\bhttps?:\/\/|\b(?:publicly|freely) available|\bavailable (?:online|at)\b/,
  },

  // What is wrong with what there is.
  {
    role: 'problem',
    weight: 2.5,
    pattern:
      /\b(?:remains?|is|are|was|were) (?:still |often |very |largely |a |an |not |far from )*(?:challeng|difficult|unclear|unknown|open\b|unsolved|unresolved|unexplored|underexplored|under-explored|elusive|understood|limited|hard|hampered|hindered|lacking|infeasible|impractical|intractable|prohibitive|insufficient|inadequate|expensive|costly|unreliable|known\b|fragile)/,
  },
  {
    role: 'problem',
    weight: 2,
    pattern:
      /\b(?:challeng(?:e|es|ing)|difficult(?:y|ies)|obstacles?|bottlenecks?|drawbacks?|limitations?|shortcomings?|open (?:question|problem)s?|lacks?|lacking|suffers? from|struggles?|fails?|overlooks?|neglects?|ignores?|hinders?|hampers?|too (?:slow|costly|expensive|narrow|large|weak)|prone to|little is known|few (?:studies|works)|there (?:is|are) no|no (?:existing|prior|previous)|prevents?|degrades?|impractical|intractable|prohibitive\w*|suboptimal|inefficien\w+|question of|asked whether|nobody|resource-intensive|at the (?:cost|expense) of|requires? (?:a lot|much|many|large)|overlook\w*)\b/,
  },
  { role: 'problem', weight: 1, pattern: /\b(?:needs? to|must|cannot|never|whether|can cause|instead of|hardly)\b/ },
  {
    role: 'problem',
    weight: 1.5,
    pattern:
      /^(?:however|but|yet|unfortunately|nevertheless|nonetheless|despite|although|though|while|whereas)\b|, (?:but|yet)\b/,
  },
  {
    role: 'problem',
    weight: 1,
    pattern:
      /\b(?:existing|previous|prior|current|traditional|conventional|standard|most|earlier) (?:\w+ )?(?:approach|method|work|technique|model|scheme|system|stud|algorithm|solution|effort)/,
  },
  // What is asked. A question, or a task named before it is known what was done about it.
  { role: 'problem', weight: 3, pattern: /\?["')\]]*$/ },
  {
    role: 'problem',
    weight: 2.5,
    pattern: /\b(?:the|our|main|its) (?:aim|goal|purpose|objective|task)s?\b|\baims? (?:to|at)\b|\bproblems? of\b/,
  },
  {
    role: 'problem',
    weight: 2.5,
    pattern: new RegExp(
      `${AUTHORS}(?:stud(?:y|ies|ied)|investigat|consider|examin|address|tackl|focus|explor|ask|concern|revisit|deal)`,
    ),
  },
  {
    role: 'problem',
    weight: 2,
    pattern: /\b(?:is|are) (?:studied|considered|investigated|addressed|examined|discussed)\b/,
  },

  // What was made or done.
  {
    role: 'method',
    weight: 4,
    pattern: new RegExp(
      `${AUTHORS}(?:propos|present|introduc|develop|design|describ|construct|devis|formulat|formali|built|build|implement|extend|appl(?:y|ies)|adapt|us(?:e|es|ed)\\b|employ|combin|leverag|train|collect|review|survey|adopt|model\\b|creat|exploit|assign|compare|evaluat|conduct|perform|test|give an?\\b|provide an?\\b|incorporat|integrat|analy[sz])`,
    ),
  },
  {
    role: 'method',
    weight: 3,
    pattern:
      /\b(?:is|are|was|were|been) (?:\w+ly )?(?:proposed|introduced|presented|developed|trained|used|based on|applied|designed|model+ed|constructed|implemented|employed|combined|computed|estimated|described|collected|compared|learned|optimi[sz]ed|measured|obtained by|evaluated)\b/,
  },
  {
    role: 'method',
    weight: 2.5,
    pattern:
      /^(?:to (?:address|overcome|tackle|solve|handle|bridge|this end|mitigate|alleviate|remedy|resolve|enable|achieve|do so|stay|ensure|enhance|further)|specifically|in particular|first|then|next|second|finally|starting from|borrowing from|instead of|unlike|rather than|inspired by|motivated by|based on|building on|here)\b/,
  },
  {
    role: 'method',
    weight: 2,
    pattern:
      /\b(?:our|the|this|proposed|a) (?:\w+[ -]){0,2}(?:method|approach|framework|algorithm|model|system|network|architecture|module|pipeline|technique|strategy|scheme|protocol|procedure|layer|encoder|controller|estimator|construction|design|mechanism|proof|argument)s? (?:\w+ly )?(?:us|combin|consist|compris|is based|reli|learn|rel[iy]|leverag|exploit|employ|takes?|maps?|estimat|iterat|treat|follow|keeps?|works?|contain|integrat|incorporat|involv|extract|is trained|are trained|builds?|numbers|raises|plans|scores)/,
  },
  {
    role: 'method',
    weight: 1.5,
    pattern:
      /\b(?:novel|new|a|an|two|three|simple) (?:\S+ ){0,4}(?:framework|algorithm|method|approach|architecture|technique|pipeline|module|protocol|benchmark|dataset|estimator|loss|layer|filter|prototype|network)\b/,
  },
  {
    role: 'method',
    weight: 1,
    pattern:
      /\b(?:by (?:means of|\w+ing)|using|via|through|based on|with the help of|relies on|taking advantage of|is run|in which|consists? of)\b/,
  },

  // What came out.
  {
    role: 'result',
    weight: 4,
    pattern:
      /\b(?:we|i|it is|results?|experiments?|evaluations?|simulations?|studies|analys[ie]s|findings|benchmarks?|tests?|proof|ablations?|measurements|demonstrations?|evidence|experience|paper|work|article|study|here) (?:\S+ ){0,7}(?:shows?|shown|showed|showing|demonstrat(?:e[sd]?|ing)|find|found|finds|prov(?:e|es|ed|en)|establish(?:e[sd])?|observe[sd]?|reveal(?:s|ed)?|confirm(?:s|ed)?|verif(?:y|ies|ied)|conclude[sd]?|indicat(?:e|es|ed)|suggest(?:s|ed)?|impl(?:y|ies)|obtain|derive|characteri[sz]e|classify|determine|detect|underscore|highlight|point to|validate)\b/,
  },
  {
    role: 'result',
    weight: 3,
    pattern:
      /\b(?:outperform|surpass|exceed|state[- ]of[- ]the[- ]art|achiev|superior|competitive|significant(?:ly)? (?:improv|better|reduc|higher|lower|faster)|improv(?:es|ed|ements?|ing)\b|reduc(?:es|ed|tion)\b|(?:better|faster|higher|lower|worse|smaller|larger|less|more \w+) than|compared (?:to|with)|success rate|error rate|speed-?up|orders? of magnitude|rivals?|matches|near-optimal|well-posed|is optimal|effectiveness|equals|rarely need|(?:falls?|fell|rises?|rose|drops?|grows?|increases?|decreases?) (?:\w+ )?(?:from|to|by|with|exponentially|linearly)\b|new best|can then be|is specific to|is far (?:better|more)|(?:is|was|are) shown to|generali[sz]es well|confirm)/,
  },
  {
    role: 'result',
    weight: 2,
    pattern: /\d ?(?:%|ms\b|frames|\\%|percent\b|points?\b|times\b|x\b|×|fold\b|mAP\b|BLEU\b)|\bp [=<] ?0?\.\d/,
  },
  {
    role: 'result',
    weight: 2.5,
    pattern:
      /^(?:as a (?:result|corollary|consequence|by-product)|consequently|moreover,? we|in addition,? we|notably|overall|surprisingly|remarkably|these results|this implies|this suggests|our (?:results?|findings|experiments?|evaluations?|analysis)|experiments?|experimental results|extensive|empirical(?:ly)?|simulations?|evaluations?|results)\b/,
  },
  {
    role: 'result',
    weight: 2,
    pattern:
      /\b(?:exist(?:s|ence)|unique(?:ness)?|if and only if|sufficient conditions?|(?:upper|lower|regret) bounds?|converge[sd]?|convergence|optimal|well-posedness|global(?:ly)?|corollary|theorem|decay|conjecture|guarantees? that|blow[- ]up)\b/,
  },

  // What the world is like, and what became of the work since.
  {
    role: 'background',
    weight: 3.5,
    pattern:
      /\b(?:widely|commonly|increasingly|extensively|often|traditionally) (?:\w+ )?(?:used|adopted|studied|applied|important|popular|explored|reported)|\b(?:have|has) (?:recently |already |long )?(?:become|emerged|attracted|gained|shown|demonstrated|received|achieved|been|enabled|led|showcased|made)\b|\b(?:in recent years|over the (?:last|past)|recent (?:advances|advancements|work|works|progress|years|studies)|recently|plays? an? (?:\w+ )?role|is an? (?:\w+ )?(?:important|fundamental|essential|key|promising|crucial|vital|central)|underlies?|useful tools?|vital for|the rise of|beneficial)\b/,
  },
  {
    role: 'background',
    weight: 2.5,
    pattern:
      /\b(?:later|became|becomes?|since then|ever since|inspired|grew into|led to|opened the|starts here|today|nowadays|now (?:a|the|drive)|standard (?:tool|way|textbook)|staple|commonplace|hugely|went on to|influential|challenges? (?:are|is) outlined)\b/,
  },
];

/** No abstract of papers20k has more than 16 sentences; what is longer is no abstract. UTF-16 units, and sentences. */
const MOST_CHARS_READ = 16_384;
const MOST_SENTENCES = 64;
/** Sentences are judged by their beginning: longer ones are no prose. UTF-16 units. */
const MOST_CHARS = 600;

const ROLES: readonly Role[] = ['background', 'problem', 'method', 'result'];

/*
 * What the order of sentences tells, on the scale of the cues: abstracts go from background and problem to method, and from there to
 * results; a problem is seldom told after what was done about it.
 */
const FIRST: Readonly<Record<Role, number>> = { background: 0.5, problem: 1, method: 0, result: -0.5 };
const LAST: Readonly<Record<Role, number>> = { background: 0.5, problem: -1, method: -0.5, result: 1 };
const AFTER: Readonly<Record<Role, Readonly<Record<Role, number>>>> = {
  background: { background: 0, problem: 1, method: 0.5, result: -0.5 },
  problem: { background: -1.5, problem: 0, method: 1, result: -0.5 },
  method: { background: -1, problem: -2, method: 1, result: 0.5 },
  result: { background: 0, problem: -2, method: -0.5, result: 1 },
};

type Scores = Record<Role, number>;

function cuesOf(text: string): Scores {
  const read = text.slice(0, MOST_CHARS).replace(/\s+/g, ' ').toLowerCase();
  const scores: Scores = { background: 0, problem: 0, method: 0, result: 0 };
  for (const { role, weight, pattern } of CUES) if (pattern.test(read)) scores[role] += weight;
  return scores;
}

/** The best way to end in each role, by the ways to end the sentence before: one step of Viterbi's algorithm. */
function step(before: Scores, cues: Scores): { readonly scores: Scores; readonly from: Readonly<Record<Role, Role>> } {
  const scores: Scores = { background: 0, problem: 0, method: 0, result: 0 };
  const from: Record<Role, Role> = { background: 'background', problem: 'problem', method: 'method', result: 'result' };
  for (const role of ROLES) {
    const reached = (earlier: Role): number => before[earlier] + AFTER[earlier][role];
    from[role] = best((earlier) => reached(earlier));
    scores[role] = reached(from[role]) + cues[role];
  }
  return { scores, from };
}

function best(score: (role: Role) => number): Role {
  return ROLES.reduce((top, role) => (score(role) > score(top) ? role : top));
}

function plus(a: Scores, b: Readonly<Scores>): Scores {
  return {
    background: a.background + b.background,
    problem: a.problem + b.problem,
    method: a.method + b.method,
    result: a.result + b.result,
  };
}

/** What each sentence of an abstract is there for, given all of them in order. */
export function rolesOf(texts: readonly string[]): Role[] {
  const [first, ...others] = texts.map(cuesOf);
  if (!first) return [];
  // A single sentence is read by its words alone.
  let scores = others.length > 0 ? plus(first, FIRST) : first;
  const steps: Readonly<Record<Role, Role>>[] = [];
  for (const cues of others) {
    const next = step(scores, cues);
    scores = next.scores;
    steps.push(next.from);
  }
  const end = others.length > 0 ? plus(scores, LAST) : scores;
  const roles = [best((role) => end[role])];
  for (const from of steps.toReversed()) roles.push(from[roles.at(-1) ?? 'background']);
  return roles.toReversed();
}

/**
 * The sentences of an abstract that tell one facet of it, in order, with their places in the abstract. What opens it tells of
 * the problem too: with only the sentences that name a gap, kin by problem share the task less often (.33 instead of .42
 * of them, 120 papers of papers20k).
 */
export function facetSentences(abstract: string, facet: Facet): Evidence[] {
  const found = sentences(abstract.slice(0, MOST_CHARS_READ))
    .slice(0, MOST_SENTENCES)
    .map(({ start, end }) => ({ text: abstract.slice(start, end), start, end }));
  const roles = rolesOf(found.map(({ text }) => text));
  const answer = roles.findIndex((role) => role === 'method' || role === 'result');
  const opening = answer < 0 ? found.length : answer;
  return found.filter(
    (_, i) => roles[i] === facet || (facet === 'problem' && roles[i] === 'background' && i < opening),
  );
}
