/** Texts as sources mark them up. */
export { fromHtml } from './html.ts';
export { fromTex } from './tex.ts';
