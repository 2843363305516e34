import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { routes, type ServiceName } from '@signet/contracts';

interface Proxy {
  readonly directory: string;
  readonly port: number;
  readonly upstreams: Readonly<Record<ServiceName, readonly number[]>>;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

/** A stock nginx's configuration, its locations made from the routing table. It lets go of idle connections sooner than a service that drains. */
export function nginxConfiguration({ directory, port, upstreams, tls }: Proxy): string {
  const locations = routes.flatMap(({ match, path: route, service }) => [
    `location = ${route} { proxy_pass http://${service}; }`,
    ...(match === 'Prefix' ? [`location ${route}/ { proxy_pass http://${service}; }`] : []),
  ]);
  const pools = Object.entries(upstreams).map(
    ([service, ports]) =>
      `upstream ${service} { keepalive 16; keepalive_timeout 1s; ${ports.map((each) => `server 127.0.0.1:${each} max_fails=0;`).join(' ')} }`,
  );
  return `
daemon off; worker_processes 1; pid ${directory}/nginx.pid; error_log ${directory}/error.log;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path ${directory}/body; proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/fastcgi; uwsgi_temp_path ${directory}/uwsgi; scgi_temp_path ${directory}/scgi;
  large_client_header_buffers 4 32k;
  ${pools.join('\n  ')}
  server {
    listen 127.0.0.1:${port}${tls ? ' ssl' : ''};
    ${tls ? `ssl_certificate ${tls.cert}; ssl_certificate_key ${tls.key}; ssl_protocols TLSv1.2 TLSv1.3;` : ''}
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_next_upstream error timeout;
    proxy_connect_timeout 1s;
    # A service of which nobody answers is away, as one whose dependency is: 503 with Retry-After (RFC 9110 section 15.6.4).
    error_page 502 504 =503 @away;
    location @away { internal; add_header Retry-After 1 always; add_header Cache-Control no-store always; return 503; }
    ${locations.join('\n    ')}
    location / { return 404; }
  }
}`;
}

export function writeNginxConfiguration(proxy: Proxy): string {
  mkdirSync(proxy.directory, { recursive: true });
  const file = path.join(proxy.directory, 'nginx.conf');
  writeFileSync(file, nginxConfiguration(proxy));
  return file;
}
