import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { AppError } from '../errors.ts';
import type { ModelDescription } from './contract.ts';
import { downloadModel, type DownloadProgress } from './download.ts';
import { inferDescription } from './inference.ts';
import { type Dtype, missingFile } from './model-files.ts';
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
  const dtype = findKnownModel(options.model)?.dtype ?? 'q8';
  const { model, modelsDir } = options;
  const folder = await locateFolder(options, dtype, () => unregistered(model, resolve(modelsDir, model)));
  const known = findKnownModel(model) ?? knownByFolder(folder);
  const description = known ? { ...known, name: model } : await inferDescription(model, folder);
  refuseIncomplete(model, folder, description.dtype);
  return { description, folder };
}

/**
 * The folder of a model of any kind; downloaded, with weights of that dtype, where it is absent, allowed and a hub id.
 * `unknownReason` says what is known where the name is nothing of the kind. Throws MODEL_NOT_FOUND.
 */
export async function locateFolder(
  { model, modelsDir, allowDownload, onDownload, hubUrl }: LocateOptions,
  dtype: Dtype,
  unknownReason: () => string,
): Promise<string> {
  if (isPath(model)) {
    const folder = resolve(model);
    if (existsSync(folder)) return folder;
    throw notFound(model, `there is no folder ${folder}`);
  }
  const own = resolve(modelsDir, model);
  if (existsSync(own)) return own;
  const fromHere = resolve(model);
  if (existsSync(join(fromHere, 'config.json'))) return fromHere;
  if (!HUB_ID.test(model)) throw notFound(model, unknownReason());
  if (!allowDownload) {
    throw notFound(model, `there is no copy in ${own}; run again with --allow-download to fetch it from the hub`);
  }
  await downloadModel({ id: model, folder: own, dtype, onProgress: onDownload, hubUrl });
  return own;
}

/** Throws MODEL_NOT_FOUND where the folder lacks a file. */
export function refuseIncomplete(model: string, folder: string, dtype: Dtype): void {
  const missing = missingFile(folder, dtype);
  if (missing !== undefined) throw notFound(model, `${join(folder, missing)} is missing`);
}

function isPath(model: string): boolean {
  return isAbsolute(model) || /^\.{1,2}([/\\]|$)/.test(model);
}

/** A copy of a registered model is used as registered, wherever it lies. */
function knownByFolder(folder: string): ModelDescription | undefined {
  return findKnownModel(`${basename(dirname(folder))}/${basename(folder)}`) ?? findKnownModel(basename(folder));
}

function unregistered(model: string, folder: string): string {
  if (model === DEFAULT_MODEL) return `${folder} is missing; it is shipped with Paperkin, check where modelsDir points`;
  return `it is neither registered (${knownModelNames().join(', ')}), nor a folder, nor a hub id like org/name`;
}

function notFound(model: string, reason: string): AppError {
  return new AppError('MODEL_NOT_FOUND', { model, reason });
}
