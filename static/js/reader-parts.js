// The parts of a source's reader, which its scripts share.
//   mark[data-mark="P3"], mark[data-suggestion]   a mark; its first piece has the id
//   [data-card][data-for="P3"]                    what stands beside it
export const beside = matchMedia("(min-width: 1024px)");
export const all = (query, root = document) => [...root.querySelectorAll(query)];
export const one = (query, root = document) => root.querySelector(query);
export const reader = () => document.getElementById("reader");
export const margin = () => document.getElementById("margin");
export const marking = () => document.getElementById("marking");

/** The first pieces of the marks that are shown, in the order of the text. */
export const marks = () => all(".text mark[id]:not(.is-off)", reader());

/** The cards of a mark that are shown. */
export const cardsOf = (id) => all(`[data-card][data-for="${CSS.escape(id)}"]`, margin()).filter((card) => !card.hidden);

/** All pieces of a mark. */
export function piecesOf(id) {
  const { mark, suggestion } = document.getElementById(id)?.dataset ?? {};
  const query = suggestion ? `[data-suggestion="${CSS.escape(suggestion)}"]` : `[data-mark="${CSS.escape(mark ?? id)}"]`;
  return all(`.text mark${query}`, reader());
}
