import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, ResultSetHeader } from 'mysql2/promise';

/** Something that keeps writing. */
export interface Writer {
  /** Lets the transaction at hand commit. @throws Error what ended the writing, if something did */
  stop(): Promise<void>;
}

/** Writes to the shop, one transaction after another with a short pause between, until it is stopped. */
export function startWriter(session: Connection): Writer {
  const stopping = new AbortController();
  const shop = new Shop(session);
  const work = (async () => {
    await session.query("insert into shop.customers (name, email, phone, note) values ('Ada Lovelace', 'ada@example.com', '+44 20 5550 1815', 'first customer')");
    while (!stopping.signal.aborted) {
      await session.beginTransaction();
      await shop.something();
      await session.commit();
      await sleep(PAUSE);
    }
  })();
  // The failure is told by stop(); until then it must not end the process.
  work.catch(() => undefined);
  return {
    stop: () => {
      stopping.abort();
      return work;
    },
  };
}

/** What happens in a shop: orders come in, are paid and shipped, some are cancelled, customers change their minds. */
class Shop {
  readonly #session: Connection;
  #customers = 1;
  readonly #open: number[] = [];

  constructor(session: Connection) {
    this.#session = session;
  }

  something(): Promise<void> {
    const dice = Math.random();
    if (dice < 0.1) return this.#register();
    if (dice < 0.2) return this.#correct();
    if (dice < 0.55 || this.#open.length === 0) return this.#order();
    if (dice < 0.9) return this.#advance();
    return this.#cancel();
  }

  async #register(): Promise<void> {
    const name = `${pick(FIRST)} ${pick(LAST)}`;
    const email = `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@example.com`;
    await this.#session.execute('insert into shop.customers (name, email, phone) values (?, ?, ?)', [name, email, `+49 30 ${5_550_000 + below(10_000)}`]);
    this.#customers++;
  }

  async #correct(): Promise<void> {
    await this.#session.execute('update shop.customers set phone = ? where id = ?', [`+49 40 ${5_550_000 + below(10_000)}`, 1 + below(this.#customers)]);
  }

  async #order(): Promise<void> {
    const lines = Array.from({ length: 1 + below(4) }, (_, line) => ({ line: line + 1, product: pick(PRODUCTS), quantity: 1 + below(3), cents: 199 + below(20_000) }));
    const total = lines.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0);
    const [made] = await this.#session.execute<ResultSetHeader>('insert into shop.orders (customer_id, total, updated_at) values (?, ?, now(3))', [1 + below(this.#customers), total / 100]);
    for (const { line, product, quantity, cents } of lines) {
      await this.#session.execute('insert into shop.order_items values (?, ?, ?, ?, ?)', [made.insertId, line, product, quantity, cents / 100]);
    }
    this.#open.push(made.insertId);
  }

  async #advance(): Promise<void> {
    const order = this.#open[below(this.#open.length)] ?? 0;
    await this.#session.execute("update shop.orders set status = if(status = 'new', 'paid', 'shipped'), updated_at = now(3) where id = ?", [order]);
  }

  async #cancel(): Promise<void> {
    const [order = 0] = this.#open.splice(below(this.#open.length), 1);
    await this.#session.execute('delete from shop.order_items where order_id = ?', [order]);
    await this.#session.execute('delete from shop.orders where id = ?', [order]);
  }
}

function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}

function pick(choices: readonly string[]): string {
  return choices[below(choices.length)] ?? '';
}

/** Milliseconds between two transactions. */
const PAUSE = 5;
const FIRST = ['Grace', 'Edsger', 'Zoë', 'Jürgen', '美咲', 'Margaret', 'Łukasz', 'Inês'];
const LAST = ['Hopper', 'Müller', 'Nakamura', 'Hamilton', 'Nowak', "O'Neill", 'Ferreira'];
const PRODUCTS = ['teapot', 'crème brûlée set', 'lamp "Nord"', 'notebook', 'bicycle bell', 'お茶'];
