import { services } from '../quick-start/secrets.mjs';
import { burning } from './objectives.mjs';

const young = '(time() - signet_process_start_seconds < 900)';
/** A counter that rose in a quarter of an hour. What a replica counted before its first scrape is no increase: of a young one every count is new. */
const rose = (metric, by) =>
  `sum by (${by}) (increase(${metric}[15m])) > 0` +
  ` or sum by (${by}) (${metric} and on (job, instance) ${young}) > 0`;

const alert = (name, severity, wait, expr, summary) => ({ name, severity, wait, expr, summary });

/** Each has its part of docs/operations/alerts.md, by its name. `page`: somebody should look now; `ticket`: in the next days. */
export const alerts = [
  alert(
    'SignetErrorBudgetBurning',
    'page',
    '2m',
    burning('page'),
    'The error budget of {{ $labels.slo }} is gone within days',
  ),
  alert(
    'SignetErrorBudgetShrinking',
    'ticket',
    '15m',
    burning('ticket'),
    'The error budget of {{ $labels.slo }} will not last for its month',
  ),
  alert(
    'SignetServiceDown',
    'page',
    '2m',
    // What is gone has no `up` either.
    services.map((service) => `absent(signet_build_info{service="${service}"})`).join(' or '),
    'No replica of {{ $labels.service }} answers Prometheus',
  ),
  alert('SignetReplicaDown', 'ticket', '5m', 'up{job=~"(.*/)?signet"} == 0', '{{ $labels.instance }} does not answer'),
  alert(
    'SignetNatsDown',
    'page',
    '1m',
    'max by (service) (signet_nats_up) == 0',
    'No replica of {{ $labels.service }} is connected to NATS',
  ),
  alert(
    'SignetNatsDenied',
    'page',
    '0m',
    rose('signet_nats_denied_total', 'service, operation'),
    'NATS refuses a {{ $labels.operation }} of the user of {{ $labels.service }}',
  ),
  alert(
    'SignetOutboxOld',
    'page',
    '5m',
    'max by (service) (signet_outbox_oldest_seconds) > 120',
    'Events of {{ $labels.service }} do not reach the audit log',
  ),
  alert(
    'SignetOutboxSetAside',
    'ticket',
    '15m',
    'max by (service) (signet_outbox_set_aside) > max by (service) (min_over_time(signet_outbox_set_aside[6h]))',
    'The audit log does not take events of {{ $labels.service }}',
  ),
  alert(
    'SignetOutboxFilling',
    'ticket',
    '5m',
    'max by (service) (signet_outbox_bytes / signet_outbox_max_bytes) > 0.5',
    'The outbox of {{ $labels.service }} has taken half of its ceiling',
  ),
  alert(
    'SignetOutboxFull',
    'page',
    '0m',
    'max by (service) (signet_outbox_full) > 0',
    '{{ $labels.service }} refuses what must be recorded',
  ),
  alert(
    'SignetNoLogWriter',
    'page',
    '2m',
    '(sum(signet_audit_writing) or vector(0)) == 0',
    'No replica of audit writes the log',
  ),
  alert(
    'SignetLogUnsigned',
    'page',
    '2m',
    'max(signet_audit_unsigned_seconds) > 60',
    'Entries of the audit log have no checkpoint',
  ),
  alert(
    'SignetEventsRefused',
    'page',
    '0m',
    rose('signet_audit_events_refused_total', 'reason'),
    'Audit does not take events: {{ $labels.reason }}',
  ),
  alert(
    'SignetDeadLetters',
    'ticket',
    '0m',
    rose('signet_dead_letters_total', 'service, consumer'),
    '{{ $labels.consumer }} has set messages aside',
  ),
  alert(
    'SignetConsumerStuck',
    'page',
    '10m',
    'sum by (service, consumer) (rate(signet_consumer_events_total{outcome=~"failed|later"}[5m])) > 0' +
      ' unless sum by (service, consumer) (rate(signet_consumer_events_total{outcome="applied"}[5m])) > 0',
    '{{ $labels.consumer }} is given events and applies none',
  ),
  alert(
    'SignetFloorsStale',
    'page',
    '1m',
    'max(signet_floor_poll_age_seconds) > 5',
    'A replica of token cannot read the revocation floors',
  ),
  alert(
    'SignetFloorsSlow',
    'page',
    '5m',
    'histogram_quantile(0.99, sum by (le) (rate(signet_floor_seen_seconds_bucket[5m]))) > 1',
    'Revocations take over a second to be seen',
  ),
  alert(
    'SignetHasherRefusing',
    'page',
    '5m',
    'sum(rate(signet_hasher_refused_total[5m])) > 0',
    'Sign-ins are refused for want of CPU',
  ),
  alert(
    'SignetEventLoopLag',
    'ticket',
    '10m',
    'max by (instance) (nodejs_eventloop_lag_p99_seconds) > 0.25',
    '{{ $labels.instance }} is held up',
  ),
  alert(
    'SignetPoolWaiting',
    'ticket',
    '5m',
    'min_over_time(signet_database_connections_waiting[5m]) > 0',
    '{{ $labels.service }} waits for connections to Postgres',
  ),
  alert(
    'SignetCertificateEnding',
    'ticket',
    '1h',
    'min by (certificate) (signet_certificate_expiry_seconds) - time() < 7 * 86400',
    'The {{ $labels.certificate }} certificate ends within a week',
  ),
  alert(
    'SignetSealedUnreadable',
    'ticket',
    '5m',
    'max by (service) (signet_sealed_unreadable) > 0',
    'The keyring of {{ $labels.service }} does not open what it has sealed',
  ),
];
