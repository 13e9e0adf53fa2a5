/*
 * One spelling of several: American for British. What comes out is only ever compared with what comes out of other words,
 * so a rule may write what nobody writes, as long as it parts no words that belong together.
 */

const pairs = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text
      .split(' ')
      .map((pair) => pair.split(':'))
      .map(([word = '', other = '']) => [word, other]),
  );

/** Plurals that the stemmer, which takes off endings only, does not bring to their singular. */
export const IRREGULAR_PLURALS: ReadonlyMap<string, string> = pairs(
  'indices:index vertices:vertex matrices:matrix submatrices:submatrix simplices:simplex cortices:cortex ' +
    'vortices:vortex appendices:appendix helices:helix criteria:criterion phenomena:phenomenon automata:automaton ' +
    'polyhedra:polyhedron hypotheses:hypothesis theses:thesis syntheses:synthesis parentheses:parenthesis ' +
    'crises:crisis diagnoses:diagnosis prognoses:prognosis metastases:metastasis analyses:analysis axes:axis ' +
    'corpora:corpus optima:optimum maxima:maximum minima:minimum extrema:extremum spectra:spectrum momenta:momentum ' +
    'strata:stratum bacteria:bacterium equilibria:equilibrium formulae:formula lemmata:lemma schemata:schema ' +
    'nuclei:nucleus stimuli:stimulus loci:locus foci:focus radii:radius tori:torus fungi:fungus children:child ' +
    'mice:mouse feet:foot teeth:tooth wolves:wolf shelves:shelf halves:half knives:knife',
);

/** British words that no rule below makes American. */
const AMERICAN: ReadonlyMap<string, string> = pairs(
  'learnt:learned burnt:burned grey:gray greys:grays programme:program programmes:programs artefact:artifact ' +
    'artefacts:artifacts ageing:aging judgement:judgment judgements:judgments acknowledgement:acknowledgment ' +
    'acknowledgements:acknowledgments fulfil:fulfill fulfils:fulfills skilful:skillful aluminium:aluminum ' +
    'aeroplane:airplane aeroplanes:airplanes defence:defense defences:defenses offence:offense offences:offenses ' +
    'licence:license licences:licenses pretence:pretense practise:practice practised:practiced practising:practicing ' +
    'sceptic:skeptic sceptics:skeptics sceptical:skeptical scepticism:skepticism plough:plow mould:mold moulds:molds ' +
    'moulding:molding moulded:molded centring:centering manoeuvre:maneuver manoeuvres:maneuvers ' +
    'manoeuvring:maneuvering oedema:edema counsellor:counselor',
);

const OUR =
  /^((?:dis|mis|un|re|bi|tri|multi|mono|hyper|water)?(?:arm|behavi|clam|col|demean|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|neighb|od|rig|rum|sav|splend|tum|val|vap|vig))our/;
const ISE = /^([a-z]{2,})is(e|es|ed|er|ers|ing|able|ation|ations|ational)$/;
/** What stands before `-ise` that is no suffix: precise goes with precision, supervise with supervision. */
const NO_SUFFIX =
  /(?:[aouvw]|exc|inc|exerc|prec|conc|circumc|prom|prem|dem|compr|surpr|enterpr|repr|appr|upr|sunr|parad|merchand|advert|expert|treat|franch|desp|chast)$|^(?:ar|pr|an|ir)$/;
const LYSE = /^([a-z]+ly)s(e|ed|er|ers|ing)$/;
const RE =
  /^((?:epi|con|hyper|micro|nano|centi|milli|kilo|amphi)?(?:cent|fib|met|lit|theat|calib|spect|sab|meag|lust|somb))re(s|d)?$/;
const LOGUE = /^(cata|dia|ana|homo|mono|epi|pro)logu(?:e|es|(ed|ing|er|ers))$/;
/** Diphthongs of words from Greek, as `ae` and `oe` or as `e`. */
const DIPHTHONGS: readonly (readonly [RegExp, string])[] = [
  [/haem/, 'hem'],
  [/aemi/, 'emi'],
  [/paed/, 'ped'],
  [/anaesth/, 'anesth'],
  [/gynaec/, 'gynec'],
  [/^oe(?=str|soph)/, 'e'],
  [/^foet/, 'fet'],
  [/rrhoe/, 'rrhe'],
];

/** The spelling that a word of small letters shares with its others: `behaviours` → `behaviors`. */
export function oneSpelling(word: string): string {
  const american = AMERICAN.get(word);
  if (american !== undefined) return american;
  const ise = ISE.exec(word);
  if (ise?.[1] !== undefined && !NO_SUFFIX.test(ise[1])) return `${ise[1]}iz${ise[2] ?? ''}`;
  const plain = word
    .replace(OUR, '$1or')
    .replace(LYSE, '$1z$2')
    .replace(RE, (_, root: string, ending = '') => `${root}er${ending === 'd' ? 'ed' : ending}`)
    .replace(LOGUE, '$1log$2')
    .replace(/sulph/, 'sulf');
  return DIPHTHONGS.reduce((text, [pattern, spelled]) => text.replace(pattern, spelled), plain);
}
