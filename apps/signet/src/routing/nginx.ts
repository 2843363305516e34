import { routes, serviceNames } from '@signet/contracts';

/**
 * The routing table as the whole configuration of the stock nginx of docker-compose.yml, which may write to /tmp alone. 1.27.3 is the first that knows
 * `resolve` (nginx.org, ngx_http_upstream_module). It lets go of an idle connection sooner than half of SIGNET_DRAIN there.
 */
export function nginxConfiguration(): string {
  const locations = routes.flatMap(({ match, path, service }) => {
    const pass = `{ proxy_pass http://${service}; }`;
    return [`location = ${path} ${pass}`, ...(match === 'Prefix' ? [`location ${path}/ ${pass}`] : [])];
  });
  const pools = serviceNames.map(
    (service) =>
      `upstream ${service} { zone ${service} 64k; server ${service}:3000 resolve max_fails=0; keepalive 16; keepalive_timeout 4s; }`,
  );
  return `# What \`signet routes nginx\` prints.
worker_processes auto;
pid /tmp/nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
  access_log off;
  server_tokens off;
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  large_client_header_buffers 4 32k;
  # Docker's own: a name is looked up again and again, so that every replica is found, and one that was made anew.
  resolver 127.0.0.11 valid=1s ipv6=off;
  resolver_timeout 1s;
  ${pools.join('\n  ')}
  server {
    listen 8443 ssl;
    ssl_certificate /etc/nginx/tls/cert.pem;
    ssl_certificate_key /etc/nginx/tls/key.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
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
}
`;
}
