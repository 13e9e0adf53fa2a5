import { createServer, type Server } from 'node:http';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DownloadProgress } from '../../../src/encoder/download.ts';
import { locateModel } from '../../../src/encoder/location.ts';
import { FAKE_MODEL, fakeModelWithout, temporaryFolder, writeModel } from './models.ts';

let modelsDir: string;

beforeEach(async () => {
  modelsDir = await temporaryFolder();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const locate = (model: string) => locateModel({ model, modelsDir, allowDownload: false });

describe('a model on this machine', () => {
  it('is found by its registered name', async () => {
    await writeModel(join(modelsDir, 'paperkin-minilm'));
    const { description, folder } = await locate('paperkin-minilm');
    expect(folder).toBe(join(modelsDir, 'paperkin-minilm'));
    expect(description).toMatchObject({ dimensions: 384, maxTokens: 128 });
  });

  it('is found by hub id, described by the registry', async () => {
    await writeModel(join(modelsDir, 'Xenova/e5-small-v2'));
    expect((await locate('Xenova/e5-small-v2')).description.queryPrefix).toBe('query: ');
  });

  it('is found by path; a copy of a registered model is used as registered', async () => {
    const folder = join(modelsDir, 'elsewhere/paperkin-minilm');
    await writeModel(folder);
    expect((await locate(folder)).description).toMatchObject({ name: folder, dimensions: 384, maxTokens: 128 });
  });

  it('is described by its own files when it is not registered', async () => {
    const folder = join(modelsDir, 'org/unknown');
    await writeModel(folder);
    expect((await locate('org/unknown')).description).toEqual({
      name: 'org/unknown',
      dimensions: 8,
      maxTokens: 200,
      pooling: 'mean',
      queryPrefix: '',
      paperPrefix: '',
      dtype: 'q8',
    });
    await writeModel(folder, {
      '1_Pooling/config.json': JSON.stringify({ pooling_mode_cls_token: true }),
      'sentence_bert_config.json': JSON.stringify({ max_seq_length: 64 }),
      'config_sentence_transformers.json': JSON.stringify({ prompts: { query: 'q: ', document: 'd: ' } }),
      'tokenizer_config.json': JSON.stringify({ model_max_length: 1e30 }),
    });
    expect((await locate(folder)).description).toMatchObject({
      maxTokens: 64,
      pooling: 'cls',
      queryPrefix: 'q: ',
      paperPrefix: 'd: ',
    });
  });
});

describe('MODEL_NOT_FOUND', () => {
  const reasons: readonly [string, string, Readonly<Record<string, string>>, RegExp][] = [
    ['the default is absent', 'paperkin-minilm', {}, /shipped with Paperkin/],
    ['the name says nothing', 'no-such-model', {}, /neither registered \(paperkin-minilm, .* nor a hub id/],
    ['a hub model is absent', 'org/model', {}, /--allow-download/],
    ['a path does not exist', './no/such/folder', {}, /no folder/],
    ['a file is missing', 'org/model', fakeModelWithout('tokenizer.json'), /tokenizer\.json is missing/],
    ['weights are missing', 'org/model', fakeModelWithout('onnx/model_quantized.onnx'), /model_quantized\.onnx/],
    ['pooling is unknown', 'org/model', fakeModelWithout('1_Pooling/config.json'), /1_Pooling.*register it/],
    ['the size is unknown', 'org/model', { ...FAKE_MODEL, 'config.json': '{}' }, /hidden_size.*register it/],
    ['a file is damaged', 'org/model', { ...FAKE_MODEL, 'config.json': '{' }, /config\.json/],
  ];
  it.each(reasons)('says what to do when %s', async (_case, model, files, reason) => {
    const network = vi.fn();
    vi.stubGlobal('fetch', network);
    if (Object.keys(files).length > 0) await writeModel(join(modelsDir, model), files);
    const failure = locate(model);
    await expect(failure).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await expect(failure).rejects.toThrow(reason);
    expect(network).not.toHaveBeenCalled();
  });
});

describe('download', () => {
  let server: Server;
  let files: Readonly<Record<string, string>>;
  let cutShort: string | undefined;

  beforeEach(async () => {
    files = FAKE_MODEL;
    cutShort = undefined;
    server = createServer((request, response) => {
      const file = request.url?.replace('/org/model/resolve/main/', '') ?? '';
      const content = files[file];
      if (content === undefined) return response.writeHead(404).end();
      response.setHeader('content-length', content.length);
      if (file !== cutShort) return response.end(content);
      response.write(content.slice(0, 3), () => response.destroy());
      return response;
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  });
  afterEach(() => {
    server.close();
  });

  const download = (onDownload?: (progress: DownloadProgress) => void) => {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    return locateModel({
      model: 'org/model',
      modelsDir,
      allowDownload: true,
      onDownload,
      hubUrl: `http://127.0.0.1:${port}`,
    });
  };

  it('fetches an absent model once, and says how far it is', async () => {
    const progress: DownloadProgress[] = [];
    const { folder, description } = await download((step) => progress.push(step));
    expect(folder).toBe(join(modelsDir, 'org/model'));
    expect(description.dimensions).toBe(8);
    expect(progress).toContainEqual({ file: 'onnx/model_quantized.onnx', doneBytes: 7, totalBytes: 7 });
    expect(await readdir(join(modelsDir, 'org'))).toEqual(['model']);
    files = {};
    await download();
  });

  it.each(['config.json', 'onnx/model_quantized.onnx', '1_Pooling/config.json'])(
    'leaves nothing behind when %s is cut short',
    async (file) => {
      cutShort = file;
      await expect(download()).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
      expect(await readdir(join(modelsDir, 'org'))).toEqual([]);
      await expect(locate('org/model')).rejects.toThrow('--allow-download');
    },
  );

  it('says what the hub answered', async () => {
    files = fakeModelWithout('tokenizer.json');
    await expect(download()).rejects.toThrow(/tokenizer\.json answered 404/);
  });
});
