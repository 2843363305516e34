import type { Translation } from './catalogue.js';

export const fr: Translation = {
  'page.error': 'Erreur : {title}',
  'page.secured': 'Protégé par Signet',

  'sign-in.title': 'Connexion',
  'sign-in.lead.client': 'pour continuer vers {client}',
  'sign-in.lead.tenant': 'avec votre compte {tenant}',
  'sign-in.username': 'Identifiant',
  'sign-in.password': 'Mot de passe',
  'sign-in.submit': 'Se connecter',
  'sign-in.cancel': 'Annuler',
  'sign-in.notice.reauthenticate':
    'Veuillez saisir de nouveau votre mot de passe pour confirmer qu’il s’agit bien de vous.',
  'sign-in.notice.session-ended': 'Votre session est terminée. Veuillez vous reconnecter.',
  'sign-in.problem.title': 'La connexion n’a pas abouti',
  'sign-in.problem.wrong-credentials':
    'L’identifiant ou le mot de passe est incorrect. Veuillez vérifier les deux et réessayer.',
  'sign-in.problem.missing-credentials': 'Veuillez saisir votre identifiant et votre mot de passe.',
  'sign-in.problem.too-many-attempts': 'Il y a eu trop de tentatives. Veuillez réessayer {when}.',

  'consent.title': '{client} souhaite accéder à votre compte',
  'consent.document': 'Autoriser l’accès',
  'consent.account': 'Compte utilisé',
  'consent.switch': 'Utiliser un autre compte',
  'consent.scopes': 'Si vous l’autorisez, {client} pourra :',
  'consent.host':
    'Vous allez continuer vers {host}. N’autorisez l’accès que si vous connaissez cette adresse et lui faites confiance.',
  'consent.policy': 'Politique de confidentialité',
  'consent.terms': 'Conditions d’utilisation',
  'consent.allow': 'Autoriser',
  'consent.deny': 'Refuser',
  'consent.device': 'Cet accès est destiné à un appareil qui affiche le code',
  'consent.device.compare':
    'N’autorisez que si votre appareil affiche ce code et que vous êtes à l’origine de la demande. Si quelqu’un vous a envoyé le code ou le lien, choisissez « Refuser ».',

  'device.title': 'Connecter un appareil',
  'device.lead': 'Saisissez le code affiché par votre appareil.',
  'device.code': 'Code',
  'device.submit': 'Continuer',
  'device.warning':
    'Ne saisissez un code que si vous avez l’appareil devant vous. Personne qui vous aide n’en a besoin.',
  'device.problem.unknown-code': 'Ce code est incorrect ou a expiré. Comparez-le avec celui qu’affiche votre appareil.',
  'device.problem.too-many-attempts': 'Il y a eu trop de tentatives. Réessayez {when}.',
  'device.problem.expired': 'Cette page est restée ouverte trop longtemps. Saisissez le code encore une fois.',
  'device.approved.title': 'Votre appareil est connecté',
  'device.approved.body': 'Vous pouvez continuer avec {client} sur votre appareil et fermer cette page.',
  'device.denied.title': 'Rien n’a été connecté',
  'device.denied.body': '{client} a été informé de votre refus. Vous pouvez fermer cette page.',
  'device.gone.title': 'Ce code a expiré',
  'device.gone.body': '{client} doit afficher un nouveau code. Recommencez sur votre appareil.',

  'setup.title': 'Configurer Signet',
  'setup.lead': 'Créez le premier compte d’administration. Il faut pour cela le code affiché au démarrage de Signet.',
  'setup.code': 'Code de configuration',
  'setup.code.accepted': 'Votre code de configuration est correct.',
  'setup.username': 'Nom d’utilisateur',
  'setup.password': 'Mot de passe (8 caractères au moins)',
  'setup.password-again': 'Mot de passe, encore une fois',
  'setup.name': 'Nom (facultatif)',
  'setup.email': 'Adresse e-mail (facultative)',
  'setup.submit': 'Créer le compte',
  'setup.problem.unknown-code':
    'Ce code est incorrect ou a expiré. La personne qui exploite Signet peut en afficher un autre avec « signet setup link ».',
  'setup.problem.too-many-attempts': 'Il y a eu trop de tentatives. Réessayez {when}.',
  'setup.problem.expired': 'Cette page est restée ouverte trop longtemps. Remplissez-la encore une fois.',
  'setup.problem.username-missing': 'Choisissez un nom d’utilisateur de 320 caractères au plus.',
  'setup.problem.username-taken': 'Ce nom d’utilisateur est déjà pris. Choisissez-en un autre.',
  'setup.problem.password-length': 'Choisissez un mot de passe de 8 à 1 024 caractères.',
  'setup.problem.passwords-differ': 'Les deux mots de passe sont différents. Saisissez-les à nouveau.',
  'setup.problem.invalid-name': 'Saisissez un nom de 200 caractères au plus, ou aucun.',
  'setup.problem.invalid-email': 'Ce n’est pas une adresse e-mail. Corrigez-la ou laissez ce champ vide.',
  'setup.done.title': 'Signet est configuré',
  'setup.done.body':
    'Le premier compte d’administration peut se connecter. Le code est utilisé ; vous pouvez fermer cette page.',

  'select-account.title': 'Choisir un compte',
  'select-account.continue': 'Continuer',

  'scope.openid': 'Savoir qui vous êtes',
  'scope.openid.detail': 'Un identifiant de votre compte et le moment de votre connexion',
  'scope.profile': 'Voir votre profil',
  'scope.profile.detail': 'Par exemple votre nom, votre photo et votre langue',
  'scope.email': 'Voir votre adresse e-mail',
  'scope.email.detail': 'Et si elle a été vérifiée',
  'scope.address': 'Voir votre adresse postale',
  'scope.phone': 'Voir votre numéro de téléphone',
  'scope.phone.detail': 'Et s’il a été vérifié',
  'scope.offline_access': 'Conserver cet accès en votre absence',
  'scope.offline_access.detail':
    'Même lorsque vous n’utilisez pas l’application, jusqu’à ce que vous ou elle y mettiez fin',

  'sign-out.title': 'Se déconnecter ?',
  'sign-out.lead.client': '{client} demande à vous déconnecter de {tenant}.',
  'sign-out.lead.tenant': 'Vous êtes sur le point de vous déconnecter de {tenant}.',
  'sign-out.effect': 'Les autres applications ouvertes avec cette connexion peuvent vous déconnecter aussi.',
  'sign-out.allow': 'Se déconnecter',
  'sign-out.deny': 'Garder la session',
  'signed-out.title': 'La session est fermée',
  'signed-out.body': 'Votre session avec {tenant} a pris fin. Sur un ordinateur partagé, fermez aussi le navigateur.',
  'signed-out.return': 'Continuer vers {client}',
  'stayed-signed-in.title': 'Votre session reste ouverte',
  'stayed-signed-in.body': 'Rien n’a changé. Vous pouvez fermer cette page.',

  'error.code': 'Code d’erreur',
  'error.trace': 'Référence',
  'error.support': 'Si vous demandez de l’aide, veuillez indiquer ces informations :',
  'error.description': 'Pour les développeurs',
  'error.retry': 'Réessayer',
  'error.invalid-client.title': 'Cette application n’est pas connue ici',
  'error.invalid-client.body':
    'L’application qui vous a envoyé ici n’est pas enregistrée auprès de {tenant} ; nous n’avons pas pu continuer. Retournez à l’application et réessayez. Si cela ne suffit pas, prévenez ses responsables.',
  'error.invalid-redirect-uri.title': 'Nous ne pouvons pas vous renvoyer vers cette application',
  'error.invalid-redirect-uri.body':
    'L’application nous a demandé de vous envoyer à une adresse qu’elle n’a pas enregistrée auprès de {tenant}. Pour votre sécurité, nous nous sommes arrêtés ici. Veuillez prévenir ses responsables.',
  'error.invalid-request.title': 'Cette demande est incomplète',
  'error.invalid-request.body':
    'Il manque quelque chose dans le lien qui vous a mené ici, ou il contient une erreur. Retournez à l’application et réessayez. Si cela ne suffit pas, prévenez ses responsables.',
  'error.expired.title': 'Cette page a expiré',
  'error.expired.body':
    'Elle est restée ouverte trop longtemps, a déjà servi ou appartient à un autre navigateur. Retournez à l’application et recommencez.',
  'error.too-many-attempts.title': 'Trop de tentatives',
  'error.too-many-attempts.body':
    'Pour protéger les comptes, nous vous demandons de patienter un peu. Veuillez réessayer {when}.',
  'error.temporarily-unavailable.title': 'Nous revenons tout de suite',
  'error.temporarily-unavailable.body':
    'Une partie de {tenant} est injoignable pour le moment. Vous n’avez rien fait de mal. Veuillez réessayer {when}.',
  'error.not-found.title': 'Il n’y a rien ici',
  'error.not-found.body': 'L’adresse est peut-être mal saisie, ou la page a changé de place.',
  'error.server-error.title': 'Une erreur est survenue',
  'error.server-error.body':
    'Le problème vient de nous et il a été enregistré. Veuillez réessayer. S’il se reproduit, demandez de l’aide.',
  'unvouched-client.error.title': 'Nous n’avons pas pu continuer',
  'unvouched-client.error.body':
    'L’application à l’adresse {host} vous a envoyé ici avec une demande à laquelle nous ne pouvons pas répondre. Personne chez {tenant} n’a examiné cette application. N’y retournez que si vous connaissez {host} et lui faites confiance.',
  'unvouched-client.error.way': 'Retourner vers {host}',
  'unvouched-client.start.title': 'Connaissez-vous cette application ?',
  'unvouched-client.start.body':
    'Ce lien mène à une application à l’adresse {host}, pour vous y connecter avec {tenant}. Personne chez {tenant} n’a examiné cette application. Ne continuez que si vous connaissez {host} et lui faites confiance.',
  'unvouched-client.start.way': 'Continuer vers {host}',
  'when.soon': 'dans un instant',

  'repost.title': 'Un instant',
  'repost.body': 'Nous vous redirigeons. Si rien ne se passe, continuez vous-même.',
  'repost.submit': 'Continuer',

  'form-post.title': 'Vous y êtes presque',
  'form-post.body': 'Nous vous redirigeons vers {host}. Si rien ne se passe, continuez vous-même.',
  'form-post.submit': 'Continuer',
};
