import { QueryClientProvider } from '@tanstack/react-query';
import { startTransition, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { rememberScrolling } from './hooks/use-route.ts';
import { createServices, ServicesContext } from './services.ts';
import './styles.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

rememberScrolling();
const services = createServices();
window.addEventListener('beforeunload', (event) => {
  // What was just saved and is still on its way would be lost with the page.
  if (services.queries.isMutating() > 0) event.preventDefault();
});
// As a transition it is drawn in slices, between which the browser can answer.
startTransition(() => {
  createRoot(root).render(
    <StrictMode>
      <ServicesContext value={services}>
        <QueryClientProvider client={services.queries}>
          <App />
        </QueryClientProvider>
      </ServicesContext>
    </StrictMode>,
  );
});
