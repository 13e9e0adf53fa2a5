import { EmbeddedEngine } from '../../src/engine/mod.ts';
import { engineContract } from '../support/engine-contract.ts';

engineContract('embedded', async (options) => {
  const engine = await EmbeddedEngine.open({ ...options, fresh: false });
  return { engine, revision: engine.revision };
});
