// Runs before the first paint, so that a remembered theme never flashes. hooks/use-theme.ts writes the same key.
(() => {
  try {
    const theme = localStorage.getItem('paperkin.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; the system's theme is used then.
  }
})();
