// Express, with the `cors` middleware of npm: run with the port in the variable PORT.

import cors from 'cors';
import express from 'express';

const app = express();

app.use(cors({
  origin: ['https://app.example.com', 'https://admin.example.com'],
  methods: ['GET', 'HEAD', 'POST', 'PUT'],
  allowedHeaders: ['X-CSRF-Token', 'Content-Type'],
  exposedHeaders: ['X-Total'],
  credentials: true,
  maxAge: 60,
}));

const items = (request, response) => response.set({'X-Total': '3', 'X-Hidden': '4'}).type('text').send('ok');
app.route('/items').get(items).post(items).put(items);

app.get('/broken', () => {
  throw new Error('broken on purpose');
});

app.listen(process.env.PORT, '127.0.0.1');
