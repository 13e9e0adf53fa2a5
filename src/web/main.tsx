import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { rememberScrolling } from './hooks/use-route.ts';
import { createServices, ServicesContext } from './services.ts';
import './styles.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

rememberScrolling();
const services = createServices();
createRoot(root).render(
  <StrictMode>
    <ServicesContext value={services}>
      <QueryClientProvider client={services.queries}>
        <App />
      </QueryClientProvider>
    </ServicesContext>
  </StrictMode>,
);
