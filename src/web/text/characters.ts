/** Combining marks of TeX's accent commands: `\'e`, `\v{c}`. */
export const ACCENTS: ReadonlyMap<string, string> = new Map([
  ['`', '\u0300'],
  ["'", '\u0301'],
  ['^', '\u0302'],
  ['~', '\u0303'],
  ['=', '\u0304'],
  ['u', '\u0306'],
  ['.', '\u0307'],
  ['"', '\u0308'],
  ['r', '\u030A'],
  ['H', '\u030B'],
  ['v', '\u030C'],
  ['d', '\u0323'],
  ['c', '\u0327'],
  ['k', '\u0328'],
  ['b', '\u0331'],
]);

/** `\%` and its like: the character itself. */
export const ESCAPED = '%&#_{}$@';

/** Space commands, and commands that only steer TeX, as what a reader should see of them. */
const SPACING: ReadonlyArray<readonly [string, string]> = [
  ['quad', ' '],
  ['qquad', ' '],
  ['newline', ' '],
  ['par', ' '],
  ['noindent', ''],
  ['xspace', ''],
  ['item', ' • '],
];

/** Parts of words: the blank after such a command belongs to it (`stra\\ss e`). */
export const LETTERS: ReadonlyMap<string, string> = new Map([
  ['ss', 'ß'],
  ['o', 'ø'],
  ['O', 'Ø'],
  ['l', 'ł'],
  ['L', 'Ł'],
  ['ae', 'æ'],
  ['AE', 'Æ'],
  ['oe', 'œ'],
  ['OE', 'Œ'],
  ['aa', 'å'],
  ['AA', 'Å'],
  ['i', 'ı'],
  ['j', 'ȷ'],
  ['dh', 'ð'],
  ['th', 'þ'],
]);

/** Symbols that abstracts use without dollar signs (`10 {\mu}m`, `\times`): as characters, without waking KaTeX. */
const SYMBOLS =
  'alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν ' +
  'xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ ' +
  'Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω ell ℓ infty ∞ times × cdot · pm ± mp ∓ leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ ' +
  'approx ≈ sim ∼ simeq ≃ equiv ≡ propto ∝ ll ≪ gg ≫ to → rightarrow → leftarrow ← Rightarrow ⇒ leftrightarrow ↔ ' +
  'in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ forall ∀ exists ∃ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ circ ∘ ' +
  'degree ° deg ° textdegree ° deg ° checkmark ✓ dagger † ddagger ‡ S § P ¶ copyright © pounds £ euro € ' +
  'ldots … dots … textellipsis … textendash – textemdash — textbackslash \\ textasciitilde ~ textasciicircum ^ ' +
  'textbar | textless < textgreater > textquotedblleft “ textquotedblright ” textregistered ® texttrademark ™ ' +
  'LaTeX LaTeX TeX TeX log log ln ln exp exp sin sin cos cos tan tan max max min min sup sup inf inf lim lim det det';

/** `alpha α beta β …` as pairs. */
function pairs(words: string): [string, string][] {
  return [...words.matchAll(/(\S+) (\S+)/g)].map(([, name = '', character = '']) => [name, character]);
}

/** Commands without an argument that stand for a character or for nothing. */
export const CHARACTERS: ReadonlyMap<string, string> = new Map([...SPACING, ...LETTERS, ...pairs(SYMBOLS)]);
