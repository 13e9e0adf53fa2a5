import { describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../../src/errors.ts';
import { inBrowser } from '../../../src/web/api/advice.ts';

const wordsOf = (code: ErrorCode, details = {}): string => inBrowser(code, new AppError(code, details).message);

describe('the words of a problem in a browser', () => {
  it('say what can be done there in place of a command', () => {
    expect(wordsOf('SOURCE_NOT_FOUND', { source: 'x' })).toBe(
      'there is no source called x; the page Settings lists those there are',
    );
    expect(wordsOf('KEEPER_ONLY', { keeper: 'Ada' })).toBe(
      'only Ada, who keeps this library, may do this; ask them, or use their token on the page Settings',
    );
    expect(
      inBrowser(
        'TOKEN_REFUSED',
        'the token speaks for nobody (any more): `paperkin person token NAME` makes a new one',
      ),
    ).toBe(
      'the token speaks for nobody (any more): paste a token on the page Settings; whoever runs Paperkin makes new ones there',
    );
  });

  it('name the one who can type a command where nothing can be done there', () => {
    expect(wordsOf('WORKSPACE_CORRUPT', { file: 'papers.db', reason: 'it is damaged' })).toBe(
      'papers.db cannot be used: it is damaged; for whoever runs Paperkin: `paperkin doctor` says more',
    );
  });

  it('are the server’s where these name no command', () => {
    expect(wordsOf('FEED_EXPIRED')).toBe(new AppError('FEED_EXPIRED').message);
  });
});
