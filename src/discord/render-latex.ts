/** Discord cannot show LaTeX: formulas become plain characters, as one would write them in a chat. */

/** Fractions and powers within each other; what is nested deeper keeps some of its commands as words. */
const MAX_DEPTH = 4;

/** True when it is meant as a formula: `$` also stands for money and for variables of a shell. */
export const looksLikeLatex = (source: string): boolean =>
  /\\[a-zA-Z]|[\^{}=]|(?<![a-zA-Z])[a-zA-Z]_|^[a-zA-Z]$/.test(source);

/** For example `\frac{a}{b} \leq x^2` as `a/b ≤ x²`. Commands that it does not know stay as words. */
export function latexToText(source: string): string {
  let text = source.replace(/\\(?:begin|end)\{\w+\*?\}(?:\{[^}]*\})?/g, "");
  for (let depth = 0; depth < MAX_DEPTH; depth++) text = withoutInnermost(text);
  return text
    .replace(/\\\\/g, "\n")
    .replace(/\\(?:left|right|big|Big|displaystyle|limits)(?![a-zA-Z])/g, "")
    .replace(/\\(?:[,;:! ]|q?quad(?![a-zA-Z]))/g, " ")
    .replace(/\\([a-zA-Z]+)/g, (_, name: string) => SYMBOLS.get(name) ?? name)
    .replace(/\\([^\sa-zA-Z0-9])/g, "$1")
    .replace(/[{}&]/g, "")
    .replace(/`/g, "'")
    .replace(/[ \t]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .trim();
}

/** Writes out the commands whose braces hold no other braces. */
const withoutInnermost = (text: string): string =>
  text
    .replace(
      /\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}/g,
      (_, above: string, below: string) => `${grouped(above)}/${grouped(below)}`,
    )
    .replace(/\\sqrt\{([^{}]*)\}/g, (_, inner: string) => `√${grouped(inner)}`)
    .replace(/\\(?:text|math\w+|operatorname|boxed|vec|hat|bar)\{([^{}]*)\}/g, "$1")
    .replace(
      /([\^_])(?:\{([^{}]*)\}|([\w+-]))/g,
      (_, sign: string, group: string | undefined, single: string | undefined) =>
        raised(sign, group ?? single ?? ""),
    );

const grouped = (text: string): string =>
  /^[\w.]+$|^\\[a-zA-Z]+$/.test(text) ? text : `(${text})`;

function raised(sign: string, text: string): string {
  const [from, to] =
    sign === "^" ? ["0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ"] : ["0123456789", "₀₁₂₃₄₅₆₇₈₉"];
  const places = Array.from(text, (character) => from.indexOf(character));
  if (!places.includes(-1)) return places.map((place) => to[place]).join("");
  return text.length === 1 ? `${sign}${text}` : `${sign}(${text})`;
}

const SYMBOLS: ReadonlyMap<string, string> = new Map(
  `alpha α|beta β|gamma γ|delta δ|epsilon ε|varepsilon ε|eta η|theta θ|kappa κ|lambda λ|mu μ|nu ν|xi ξ|pi π|rho ρ
sigma σ|tau τ|phi φ|varphi φ|chi χ|psi ψ|omega ω|Gamma Γ|Delta Δ|Theta Θ|Lambda Λ|Pi Π|Sigma Σ|Phi Φ|Psi Ψ|Omega Ω
times ×|cdot ·|div ÷|pm ±|mp ∓|le ≤|leq ≤|ge ≥|geq ≥|ne ≠|neq ≠|approx ≈|equiv ≡|sim ∼|propto ∝|infty ∞|ll ≪|gg ≫
to →|rightarrow →|Rightarrow ⇒|implies ⇒|iff ⇔|leftarrow ←|mapsto ↦|in ∈|notin ∉|subset ⊂|subseteq ⊆|cup ∪|cap ∩
emptyset ∅|forall ∀|exists ∃|neg ¬|land ∧|lor ∨|sum ∑|prod ∏|int ∫|partial ∂|nabla ∇|degree °|circ ∘|ldots …|cdots …|dots …`
    .split(/[|\n]/)
    .map((pair) => pair.split(" ") as [string, string]),
);
