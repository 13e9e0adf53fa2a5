import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { AppError } from '../errors.ts';
import type { ModelDescription } from './contract.ts';
import { downloadModel, type DownloadProgress } from './download.ts';
import { inferDescription } from './inference.ts';
import { missingFile } from './model-files.ts';
import { DEFAULT_MODEL, findKnownModel, knownModelNames } from './registry.ts';

export interface LocateOptions {
  /** Registered name, hub id (`org/name`), name of a folder in `modelsDir`, or path of a folder. */
  readonly model: string;
  readonly modelsDir: string;
  /** Without it nothing here touches the network. */
  readonly allowDownload: boolean;
  readonly onDownload?: ((progress: DownloadProgress) => void) | undefined;
  /** Where hub ids are fetched from. */
  readonly hubUrl?: string | undefined;
}

export interface LocatedModel {
  readonly description: ModelDescription;
  /** Absolute path of the folder with `config.json`, the tokeniser and `onnx/`. */
  readonly folder: string;
}

const HUB_ID = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

/** Finds a model's folder and description; downloads it where it is absent, allowed and a hub id. Throws MODEL_NOT_FOUND. */
export async function locateModel(options: LocateOptions): Promise<LocatedModel> {
  const { model, modelsDir } = options;
  if (isPath(model)) return describeFolder(model, resolve(model));
  const own = resolve(modelsDir, model);
  if (existsSync(own)) return describeFolder(model, own);
  const fromHere = resolve(model);
  if (existsSync(join(fromHere, 'config.json'))) return describeFolder(model, fromHere);
  if (!HUB_ID.test(model)) throw notFound(model, unknownReason(model, own));
  if (!options.allowDownload) {
    throw notFound(model, `there is no copy in ${own}; run again with --allow-download to fetch it from the hub`);
  }
  const dtype = findKnownModel(model)?.dtype ?? 'q8';
  const { onDownload, hubUrl } = options;
  await downloadModel({ id: model, folder: own, dtype, onProgress: onDownload, hubUrl });
  return describeFolder(model, own);
}

function isPath(model: string): boolean {
  return isAbsolute(model) || /^\.{1,2}([/\\]|$)/.test(model);
}

async function describeFolder(name: string, folder: string): Promise<LocatedModel> {
  if (!existsSync(folder)) throw notFound(name, `there is no folder ${folder}`);
  const known = findKnownModel(name) ?? knownByFolder(folder);
  const description = known ? { ...known, name } : await inferDescription(name, folder);
  const missing = missingFile(folder, description.dtype);
  if (missing !== undefined) throw notFound(name, `${join(folder, missing)} is missing`);
  return { description, folder };
}

/** A copy of a registered model is used as registered, wherever it lies. */
function knownByFolder(folder: string): ModelDescription | undefined {
  return findKnownModel(`${basename(dirname(folder))}/${basename(folder)}`) ?? findKnownModel(basename(folder));
}

function unknownReason(model: string, folder: string): string {
  if (model === DEFAULT_MODEL) return `${folder} is missing; it is shipped with Paperkin, check where modelsDir points`;
  return `it is neither registered (${knownModelNames().join(', ')}), nor a folder, nor a hub id like org/name`;
}

function notFound(model: string, reason: string): AppError {
  return new AppError('MODEL_NOT_FOUND', { model, reason });
}
