import { noStore, type HttpReply } from '@signet/service';

/** 200, and never kept by anybody on the way: tokens, and what is told of them. */
export function sendPrivate(reply: HttpReply, body: object): void {
  sendPrivately(reply, { contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) });
}

/** As `sendPrivate`, of text that is ready to be sent. */
export function sendPrivately(
  reply: HttpReply,
  content: { readonly contentType: string; readonly body: string },
): void {
  noStore(reply);
  void reply.status(200).type(content.contentType).send(content.body);
}

/** 200, for anybody to keep for this many seconds. */
export function sendPublic(reply: HttpReply, body: object, maxAge: number): void {
  void reply
    .status(200)
    .header('Cache-Control', `public, max-age=${maxAge}`)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body));
}
