import { join } from 'node:path';
import { GRAPH_FILE, POSTINGS_FILE } from './engine.ts';
import { Graph } from './graph.ts';
import { readPostings } from './postings-file.ts';

/** What the index files of a workspace hold, read apart from any engine; `undefined` where a file cannot be used. */
export async function readIndexFiles(workspace: string, dimensions: number) {
  const held = await readPostings(join(workspace, POSTINGS_FILE));
  const graph = Graph.read(join(workspace, GRAPH_FILE), dimensions);
  return {
    postings: held && { revision: held.revision, documents: held.postings.size },
    graph: graph && { labels: new Set(graph.labels()) },
  };
}
