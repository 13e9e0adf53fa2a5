export { type Comparison, compareRuns, type MetricComparison, mostChanged } from './compare.ts';
export { CANDIDATES, evaluate, type Evaluation, type EvaluationOptions, TAKEN_AS } from './evaluate.ts';
export { type HistoryReplay, ORDERS, replayHistory } from './history.ts';
export { type JudgedSet, readJudgedSet, readJudgements, readTopics } from './judgements.ts';
export { eachMetric, METRIC_NAMES, type Metrics } from './metrics.ts';
export { corpusBeside, readReaders } from './readers.ts';
export { replay, type Replay, type ReplayOptions } from './replay.ts';
export { readRun, runLines } from './run.ts';
export { importCorpus, setWorkspace } from './set-workspace.ts';
