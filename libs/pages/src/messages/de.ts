import type { Translation } from './catalogue.js';

export const de: Translation = {
  'page.error': 'Fehler: {title}',
  'page.secured': 'Geschützt durch Signet',

  'sign-in.title': 'Anmelden',
  'sign-in.lead.client': 'um mit {client} fortzufahren',
  'sign-in.lead.tenant': 'mit Ihrem Konto bei {tenant}',
  'sign-in.username': 'Benutzername',
  'sign-in.password': 'Passwort',
  'sign-in.remember': 'Auf diesem Gerät angemeldet bleiben',
  'sign-in.submit': 'Anmelden',
  'sign-in.cancel': 'Abbrechen',
  'sign-in.notice.reauthenticate': 'Bitte geben Sie Ihr Passwort erneut ein, um zu bestätigen, dass Sie es sind.',
  'sign-in.notice.session-ended': 'Ihre Sitzung ist beendet. Bitte melden Sie sich erneut an.',
  'sign-in.problem.title': 'Die Anmeldung hat nicht geklappt',
  'sign-in.problem.wrong-credentials':
    'Benutzername oder Passwort stimmt nicht. Bitte prüfen Sie beides und versuchen Sie es erneut.',
  'sign-in.problem.missing-credentials': 'Bitte geben Sie Ihren Benutzernamen und Ihr Passwort ein.',
  'sign-in.problem.too-many-attempts': 'Es gab zu viele Versuche. Bitte versuchen Sie es {when} erneut.',

  'consent.title': '{client} möchte auf Ihr Konto zugreifen',
  'consent.document': 'Zugriff erlauben',
  'consent.account': 'Angemeldet als',
  'consent.switch': 'Anderes Konto verwenden',
  'consent.scopes': 'Wenn Sie zustimmen, kann {client}:',
  'consent.host':
    'Sie werden zu {host} weitergeleitet. Stimmen Sie nur zu, wenn Sie diese Adresse kennen und ihr vertrauen.',
  'consent.policy': 'Datenschutzerklärung',
  'consent.terms': 'Nutzungsbedingungen',
  'consent.allow': 'Erlauben',
  'consent.deny': 'Ablehnen',
  'consent.device': 'Dieser Zugriff ist für ein Gerät, das diesen Code zeigt',
  'consent.device.compare':
    'Erlauben Sie ihn nur, wenn Ihr Gerät diesen Code zeigt und Sie selbst begonnen haben. Hat Ihnen jemand den Code oder den Link geschickt, wählen Sie „Ablehnen“.',

  'device.title': 'Gerät verbinden',
  'device.lead': 'Geben Sie den Code ein, den Ihr Gerät zeigt.',
  'device.code': 'Code',
  'device.submit': 'Weiter',
  'device.warning':
    'Geben Sie einen Code nur ein, wenn Sie das Gerät vor sich haben. Niemand, der Ihnen hilft, braucht ihn.',
  'device.problem.unknown-code':
    'Dieser Code stimmt nicht oder ist abgelaufen. Bitte vergleichen Sie ihn mit dem, was Ihr Gerät zeigt.',
  'device.problem.too-many-attempts': 'Es gab zu viele Versuche. Bitte versuchen Sie es {when} erneut.',
  'device.problem.expired': 'Diese Seite war zu lange geöffnet. Bitte geben Sie den Code noch einmal ein.',
  'device.approved.title': 'Ihr Gerät ist verbunden',
  'device.approved.body': 'Sie können auf Ihrem Gerät mit {client} weitermachen und diese Seite schließen.',
  'device.denied.title': 'Es wurde nichts verbunden',
  'device.denied.body': '{client} hat erfahren, dass Sie nicht zustimmen. Sie können diese Seite schließen.',
  'device.gone.title': 'Dieser Code ist abgelaufen',
  'device.gone.body': '{client} muss einen neuen Code zeigen. Beginnen Sie auf Ihrem Gerät von vorn.',

  'setup.title': 'Signet einrichten',
  'setup.lead':
    'Legen Sie die erste Administratorin oder den ersten Administrator an. Dazu brauchen Sie den Code, den Signet beim Start ausgegeben hat.',
  'setup.code': 'Einrichtungscode',
  'setup.code.accepted': 'Ihr Einrichtungscode stimmt.',
  'setup.username': 'Benutzername',
  'setup.password': 'Passwort (mindestens 8 Zeichen)',
  'setup.password-again': 'Passwort noch einmal',
  'setup.name': 'Name (freiwillig)',
  'setup.email': 'E-Mail-Adresse (freiwillig)',
  'setup.submit': 'Konto anlegen',
  'setup.problem.unknown-code':
    'Dieser Code stimmt nicht oder ist abgelaufen. Wer Signet betreibt, erhält mit „signet setup link“ einen neuen.',
  'setup.problem.too-many-attempts': 'Es gab zu viele Versuche. Bitte versuchen Sie es {when} erneut.',
  'setup.problem.expired': 'Diese Seite war zu lange geöffnet. Bitte füllen Sie sie noch einmal aus.',
  'setup.problem.username-missing': 'Bitte wählen Sie einen Benutzernamen mit höchstens 320 Zeichen.',
  'setup.problem.username-taken': 'Dieser Benutzername ist vergeben. Bitte wählen Sie einen anderen.',
  'setup.problem.password-length': 'Bitte wählen Sie ein Passwort mit 8 bis 1.024 Zeichen.',
  'setup.problem.passwords-differ': 'Die beiden Passwörter sind nicht gleich. Bitte geben Sie beide noch einmal ein.',
  'setup.problem.invalid-name': 'Bitte geben Sie einen Namen mit höchstens 200 Zeichen ein oder keinen.',
  'setup.problem.invalid-email': 'Das ist keine E-Mail-Adresse. Bitte berichtigen Sie sie oder lassen Sie sie weg.',
  'setup.done.title': 'Signet ist eingerichtet',
  'setup.done.body':
    'Das erste Konto mit allen Rechten kann sich anmelden. Der Einrichtungscode ist verbraucht; Sie können diese Seite schließen.',

  'select-account.title': 'Konto wählen',
  'select-account.continue': 'Weiter',

  'account.title': 'Ihr Konto',
  'account.sessions': 'Wo Sie angemeldet sind',
  'account.sessions.more':
    'Es gibt weitere. Hier stehen die zuletzt benutzten; „Alle anderen beenden“ beendet auch die übrigen.',
  'account.device': '{browser} auf {system}',
  'account.device.unknown': 'Unbekanntes Gerät',
  'account.here': 'Dieses Gerät',
  'account.seen': 'Zuletzt aktiv {when}',
  'account.began': 'Angemeldet {when}',
  'account.apps': 'Apps:',
  'account.end': 'Beenden',
  'account.end.of': 'Sitzung beenden: {device}',
  'account.end-others': 'Alle anderen beenden',
  'account.end-others.effect':
    'Hier bleiben Sie angemeldet. Überall sonst werden Sie abgemeldet, auch bei Apps, die in Ihrer Abwesenheit Zugriff haben.',
  'account.grants': 'Apps mit Zugriff auf Ihr Konto',
  'account.grants.none': 'Sie haben keiner App Zugriff auf Ihr Konto erlaubt.',
  'account.grants.more': 'Es gibt weitere. Entziehen Sie einigen den Zugriff, um die übrigen zu sehen.',
  'account.agreed': 'Erlaubt {when}',
  'account.used': 'zuletzt benutzt {when}',
  'account.scopes': 'Was sie darf',
  'account.scopes.of': 'Was sie darf: {client}',
  'account.withdraw': 'Entziehen',
  'account.withdraw.of': '{client} den Zugriff entziehen',
  'account.notice.session-ended': 'Die Sitzung ist beendet.',
  'account.notice.others-ended': 'Alle anderen Sitzungen sind beendet.',
  'account.notice.withdrawn': 'Der Zugriff ist entzogen. Die App kann Sie erneut fragen.',
  'account.notice.expired':
    'Es wurde nichts geändert: Die Seite war zu lange geöffnet, oder Sie haben sich seither neu angemeldet.',

  'scope.openid': 'Sie wiedererkennen',
  'scope.openid.detail': 'Eine Kennung Ihres Kontos und der Zeitpunkt Ihrer Anmeldung',
  'scope.profile': 'Ihr Profil sehen',
  'scope.profile.detail': 'Zum Beispiel Name, Bild und Sprache',
  'scope.email': 'Ihre E-Mail-Adresse sehen',
  'scope.email.detail': 'Und ob sie bestätigt ist',
  'scope.address': 'Ihre Postanschrift sehen',
  'scope.phone': 'Ihre Telefonnummer sehen',
  'scope.phone.detail': 'Und ob sie bestätigt ist',
  'scope.offline_access': 'Diesen Zugriff behalten, während Sie fort sind',
  'scope.offline_access.detail': 'Auch wenn Sie die App nicht nutzen, bis Sie oder die App ihn beenden',

  'sign-out.title': 'Abmelden?',
  'sign-out.lead.client': '{client} möchte Sie bei {tenant} abmelden.',
  'sign-out.lead.tenant': 'Sie sind dabei, sich bei {tenant} abzumelden.',
  'sign-out.effect':
    'Andere Apps, die Sie mit dieser Anmeldung geöffnet haben, melden Sie möglicherweise ebenfalls ab.',
  'sign-out.allow': 'Abmelden',
  'sign-out.deny': 'Angemeldet bleiben',
  'signing-out.title': 'Sie werden abgemeldet',
  'signing-out.body':
    'Wir sagen den Apps Bescheid, die Sie benutzt haben. Wenn nichts geschieht, machen Sie bitte selbst weiter.',
  'signed-out.title': 'Sie sind abgemeldet',
  'signed-out.body':
    'Ihre Sitzung bei {tenant} ist beendet. Schließen Sie an einem gemeinsam genutzten Computer auch den Browser.',
  'signed-out.return': 'Weiter zu {client}',
  'stayed-signed-in.title': 'Sie sind weiterhin angemeldet',
  'stayed-signed-in.body': 'Es hat sich nichts geändert. Sie können diese Seite schließen.',

  'error.code': 'Fehlercode',
  'error.trace': 'Referenz',
  'error.support': 'Wenn Sie um Hilfe bitten, nennen Sie bitte diese Angaben:',
  'error.description': 'Für Entwickler',
  'error.retry': 'Erneut versuchen',
  'error.invalid-client.title': 'Diese App ist hier nicht bekannt',
  'error.invalid-client.body':
    'Die App, von der Sie kommen, ist bei {tenant} nicht registriert; deshalb geht es hier nicht weiter. Kehren Sie zur App zurück und versuchen Sie es erneut. Hilft das nicht, sagen Sie bitte den Betreibern Bescheid.',
  'error.invalid-redirect-uri.title': 'Wir können Sie nicht zu dieser App zurückleiten',
  'error.invalid-redirect-uri.body':
    'Die App wollte Sie zu einer Adresse weiterleiten, die sie bei {tenant} nicht registriert hat. Zu Ihrem Schutz haben wir hier angehalten. Bitte sagen Sie den Betreibern der App Bescheid.',
  'error.invalid-request.title': 'Diese Anfrage ist nicht vollständig',
  'error.invalid-request.body':
    'In dem Link, der Sie hierher geführt hat, fehlt etwas oder ist etwas falsch. Kehren Sie zur App zurück und versuchen Sie es erneut. Hilft das nicht, sagen Sie bitte den Betreibern Bescheid.',
  'error.expired.title': 'Diese Seite ist abgelaufen',
  'error.expired.body':
    'Sie war zu lange geöffnet, wurde schon verwendet oder gehört zu einem anderen Browser. Kehren Sie zur App zurück und beginnen Sie von vorn.',
  'error.too-many-attempts.title': 'Zu viele Versuche',
  'error.too-many-attempts.body':
    'Zum Schutz der Konten bitten wir Sie, ein wenig zu warten. Bitte versuchen Sie es {when} erneut.',
  'error.temporarily-unavailable.title': 'Wir sind gleich wieder da',
  'error.temporarily-unavailable.body':
    'Ein Teil von {tenant} ist gerade nicht erreichbar. Sie haben nichts falsch gemacht. Bitte versuchen Sie es {when} erneut.',
  'error.not-found.title': 'Hier ist nichts',
  'error.not-found.body': 'Vielleicht ist die Adresse falsch geschrieben oder die Seite ist umgezogen.',
  'error.server-error.title': 'Etwas ist schiefgegangen',
  'error.server-error.body':
    'Der Fehler liegt bei uns und wurde aufgezeichnet. Bitte versuchen Sie es erneut. Tritt er noch einmal auf, bitten Sie um Hilfe.',
  'unvouched-client.error.title': 'Hier geht es nicht weiter',
  'unvouched-client.error.body':
    'Die App auf {host} hat Sie mit einer Anfrage hierher geschickt, die wir nicht beantworten können. Niemand bei {tenant} hat diese App geprüft. Kehren Sie nur zurück, wenn Sie {host} kennen und der Adresse vertrauen.',
  'unvouched-client.error.way': 'Zurück zu {host}',
  'unvouched-client.start.title': 'Kennen Sie diese App?',
  'unvouched-client.start.body':
    'Dieser Link führt zu einer App auf {host}, um sich dort mit {tenant} anzumelden. Niemand bei {tenant} hat diese App geprüft. Fahren Sie nur fort, wenn Sie {host} kennen und der Adresse vertrauen.',
  'unvouched-client.start.way': 'Weiter zu {host}',
  'when.soon': 'in Kürze',

  'repost.title': 'Einen Moment',
  'repost.body': 'Wir leiten Sie weiter. Geschieht nichts, fahren Sie bitte selbst fort.',
  'repost.submit': 'Weiter',

  'form-post.title': 'Fast geschafft',
  'form-post.body': 'Wir leiten Sie zurück zu {host}. Geschieht nichts, fahren Sie bitte selbst fort.',
  'form-post.submit': 'Weiter',
};
