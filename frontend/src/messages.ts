/**
 * Every word of the answering page that is not the questionnaire's, in Danish and English.
 *
 * The English texts have the type of the Danish ones: a text that one language lacks does not compile.
 */
import type { TrusteeRole } from "./manifest.ts";
import type { Language } from "./questionnaire.ts";
import type { Failure, Stage } from "./sending.ts";

const da = {
  pageTitle: "Spørgeskema",
  quickExit: "Forlad siden",
  quickExitHint: "Du kan også trykke tre gange på Esc.",
  otherLanguage: "English",
  languages: "Sprog",
  skipToContent: "Spring til indhold",
  loading: "Vi henter spørgeskemaet …",
  step: (number: number, total: number) => `Trin ${number} af ${total}`,
  back: "Tilbage",
  next: "Næste",
  backToReview: "Tilbage til oversigten",
  tryAgain: "Prøv igen",
  error: "Fejl",
  list: (words: readonly string[]) => joined(words, "og"),
  day: (day: string) => longDay(day, "da-DK"),
  notRemembered:
    "Din browser gemmer ikke noget for denne side. Dine svar forsvinder, hvis du genindlæser den, før du har sendt.",

  refused: {
    other_manifest: {
      title: "Svar ikke på denne side",
      text: "Løfterne bag dette spørgeskema er ikke dem, din invitation hører til. Derfor viser vi det ikke. Vis din invitation til medarbejdernes repræsentant, og spørg, hvad der er sket.",
    },
    other_questionnaire: {
      title: "Svar ikke på denne side",
      text: "Spørgsmålene er ikke dem, der er lovet i din invitation. Derfor viser vi dem ikke. Vis din invitation til medarbejdernes repræsentant, og spørg, hvad der er sket.",
    },
    other_wave: {
      title: "Linket passer ikke",
      text: "Linket fører til et andet spørgeskema end det, siden kan vise. Åbn linket i din invitation igen.",
    },
    unknown_format: {
      title: "Spørgeskemaet kan ikke vises",
      text: "Siden kan ikke læse det, serveren sendte. Prøv igen senere. Bliver det ved, så sig det til den, der gav dig invitationen.",
    },
  },
  notLoaded: {
    title: "Vi kan ikke hente spørgeskemaet",
    text: "Der er ingen forbindelse lige nu, eller serveren svarer ikke. Intet er tabt.",
  },
  noWave: {
    title: "Spørgeskemaet findes ikke",
    text: "Se efter, om du har fået hele linket med. Undersøgelsen kan også være slettet.",
  },
  notOpenYet: {
    title: "Der er ikke åbnet for svar endnu",
    text: (day: string) => `Du kan svare fra den ${day}. Brug det samme link eller den samme kode til den tid.`,
  },
  closed: {
    title: "Undersøgelsen er lukket",
    text: "Der kan ikke svares længere. Er dit svar sendt, er det med.",
  },

  code: {
    title: "Skriv din kode",
    intro: "Koden står på dit kort eller i dit brev. Den er kun til dig og kan bruges én gang.",
    label: "Din kode",
    hint: "16 tegn. Store og små bogstaver, mellemrum og bindestreger betyder ikke noget.",
    invalid: "Koden har 16 bogstaver og tal. Se på kortet, og skriv den igen.",
    brokenLink: "Linket er ikke helt, så vi kan ikke læse din kode. Åbn det igen, eller skriv koden her.",
    submit: "Fortsæt",
  },
  compare: {
    title: "Sammenlign med dit kort",
    intro: "På dit kort står der et fingeraftryk. Det viser, at siden giver de løfter, du er inviteret med.",
    label: "Fingeraftrykket på denne side",
    question: "Står der nøjagtig det samme på dit kort?",
    yes: "Ja, det er det samme",
    no: "Nej, der står noget andet",
  },

  consent: {
    asks: (organisation: string) => `${organisation} beder om dit svar`,
    why: "Hvad det handler om",
    facts: {
      who: "Hvem spørger",
      invited: "Hvem er inviteret",
      until: "Hvornår",
      duration: "Hvor længe tager det",
    },
    invited: (count: number) => `${number(count, "da-DK")} personer`,
    paper: (count: number) => ` – og op til ${number(count, "da-DK")} kan svare på papir`,
    until: (day: string) => `Der lukkes for svar senest den ${day}`,
    minutes: (least: number, most: number) => (least === most ? `${least} minutter` : `${least}–${most} minutter`),
    voluntary: {
      title: "Du bestemmer selv",
      points: [
        "Det er frivilligt. Du kan springe alle spørgsmål over.",
        "Dine svar bliver i denne fane, indtil du trykker Send. Indtil da kan du gå din vej uden at efterlade spor hos os.",
        "Lukker du fanen, er svarene væk. Nogle browsere kan åbne en lukket fane igen. Brug knappen “Forlad siden”, så slettes svarene helt.",
        "Svar gerne på din egen telefon. Så kan arbejdspladsens netværk ikke se, at du har været her.",
      ],
    },
    leaders: {
      title: "Hvad ledere kan se",
      points: {
        groupsOnly: "Kun tabeller over grupper. Aldrig enkelte svar.",
        fewest: (least: number) => `Kommer der færre end ${least} svar, bliver intet åbnet.`,
        exposure: (least: number) =>
          `Spørgsmål om det, du har oplevet eller set, vises kun for grupper, hvor mindst ${least} har svaret.`,
        bands: (least: number) =>
          `Små tal vises aldrig nøjagtigt. Har ingen eller ganske få valgt et svar, står der 0–${least - 1}. Så kan ingen se, om det er nul eller nogen.`,
        noBreakdown: "Resultaterne vises kun for alle under ét.",
        breakdowns: (names: string) => `Resultaterne vises for alle under ét og kan deles op efter ${names}. De deles aldrig op på to ting samtidig.`,
        unit: "afdeling eller gruppe",
        neverShared: "Tallene deles ikke med andre.",
        mayBeShared:
          "Organisationen kan bagefter vælge at lade de beskyttede tal indgå i fælles tal for mange organisationer.",
      },
      exampleTitle: (base: number) => `Sådan kan en tabel se ud. Tallene er opdigtede; ${base} har svaret.`,
      exampleQuestion: "Nogen har talt nedladende om andres køn",
      exampleAnswer: "Svar",
      exampleCount: "Antal",
      exampleNever: "Nej, aldrig",
      exampleEver: "Ja, mindst én gang",
      exampleNone: "Ikke svaret",
    },
    opening: {
      title: "Hvem der kan åbne svarene",
      text: (quorum: number, total: number, roles: string) =>
        `Svarene er låst, allerede før de forlader din telefon eller computer. Nøglen er delt mellem ${words(total, DANISH)}: ${roles}. Mindst ${words(quorum, DANISH)} af dem skal sige ja, før svarene kan åbnes. Det sker én gang: Et program åbner alle svar, tæller dem op og glemmer dem igen.`,
      role: (role: TrusteeRole, count: number) =>
        ({
          employees: count === 1 ? "medarbejdernes repræsentant" : `${count} repræsentanter for medarbejderne`,
          management: count === 1 ? "en repræsentant for ledelsen" : `${count} repræsentanter for ledelsen`,
          secretariat: count === 1 ? "alliancens sekretariat" : `${count} fra alliancens sekretariat`,
          other: count === 1 ? "en anden betroet person" : `${count} andre betroede personer`,
        })[role],
    },
    destruction: {
      title: "Hvornår svarene slettes",
      text: (afterRelease: number, afterClosing: number) =>
        `Senest ${afterRelease} dage efter, at resultatet er lavet. Bliver der intet resultat, så ${afterClosing} dage efter, at der er lukket for svar. Så slettes også nøglerne, og ingen kan åbne svarene igen.`,
    },
    limits: {
      title: "Hvad vi ikke kan beskytte dig mod",
      points: [
        "At nogen kigger med på din skærm, eller at din telefon eller computer er overvåget.",
        "At arbejdspladsens netværk kan se, at siden er besøgt. Det kan ikke se, hvad du svarer.",
        "At den, der driver serveren, holder øje med forbindelserne, mens du sender, og gætter på, hvilken kode et låst svar hører til.",
        "At serveren giver dig en ændret side, der ikke låser svarene, som den skal.",
        "At de, der deler nøglen, slår sig sammen om at læse svarene. De kan stadig ikke se, hvem der har givet dem.",
        "At en tyv, der flere gange kopierer databasen, mens der svares, gætter bedre end tilfældigt på, hvilken invitation et låst svar kommer fra – mest når få er inviteret. Svarene selv kan tyven ikke læse.",
      ],
    },
    notAReport:
      "Dit svar er ikke en anmeldelse. Vil du have nogen til at handle, så gå til en, du stoler på, eller til din tillids- eller arbejdsmiljørepræsentant.",
    promises: "Løfterne ord for ord (JSON)",
    fingerprint: "Løfternes fingeraftryk",
    unitsTitle: "Afdelinger og grupper, og hvor mange der er i dem",
    unit: "Afdeling eller gruppe",
    headcount: "Personer",
    agree: "Ja, jeg vil gerne svare",
    decline: "Nej tak",
    declined: {
      title: "Helt i orden",
      text: "Vi har slettet din kode i denne fane, og intet er sendt. Du kan lukke fanen. Skifter du mening, så brug linket eller koden igen.",
    },
  },

  unit: {
    title: "Din afdeling eller gruppe",
    question: "Hvor hører du til?",
    hint: "Du behøver ikke svare. En afdeling eller gruppe vises kun, hvis nok har svaret.",
    choose: "Vælg – eller lad stå tomt",
    whole: (name: string) => `${name}, ikke nærmere angivet`,
    within: (parent: string, name: string) => `${parent} – ${name}`,
  },

  section: {
    optional: "Du kan springe alle spørgsmål over.",
    clear: "Fjern svar",
    clearFor: (text: string) => `Fjern svar på: ${text}`,
    atMost: (most: number) => `Vælg højst ${words(most, DANISH)}.`,
    tellsMost: (question: string, most: number) => question.includes(`højst ${words(most, DANISH)}`),
    stopped: (most: number) =>
      `Du har valgt ${words(most, DANISH)}, og det er det højeste. Fjern et valg, hvis du vil vælge et andet.`,
    dropped: (count: number) =>
      count === 1
        ? "Da du ændrede et svar, blev et senere spørgsmål ikke længere stillet. Dit svar på det er slettet."
        : `Da du ændrede et svar, blev nogle senere spørgsmål ikke længere stillet. Dine ${count} svar på dem er slettet.`,
    skip: "Spring afsnittet over",
    skippedAnswers: (count: number) =>
      count === 0
        ? "Du har sprunget afsnittet over."
        : `Du har sprunget afsnittet over. ${count === 1 ? "Dit svar i det er slettet." : `Dine ${count} svar i det er slettet.`}`,
    contentWarning: "Spørgsmålet kan være ubehageligt.",
  },
  warning: {
    title: "Før du går videre",
    text: "De næste spørgsmål handler om oplevelser, som kan være svære at tænke på. Du kan springe hele afsnittet over, og du kan stoppe midt i det.",
    show: "Vis spørgsmålene",
  },
  help: {
    title: "Hjælp og kontakt",
    anonymous: "Du kan være anonym.",
    phone: "Telefon",
  },

  review: {
    title: "Dine svar",
    intro: "Se dem igennem, og ret, hvis du vil. Intet er sendt endnu.",
    blank: "Ikke besvaret",
    skipped: "Afsnittet er sprunget over",
    change: "Ret",
    changeSection: (section: string) => `Ret: ${section}`,
    sendTitle: "Klar til at sende",
    sendText:
      "Når du trykker Send, låses dine svar her på telefonen eller computeren. Først derefter sendes de. Det tager nogle sekunder.",
    send: "Send",
    nothing: "Du har ikke svaret på noget. Du kan stadig sende: så tæller du med som en, der har deltaget.",
  },

  sending: {
    title: "Dit svar sendes",
    wait: "Bliv på siden, til kvitteringen kommer. Går du nu, kan dit svar gå tabt, og koden kan ikke bruges igen.",
    stages: {
      sealing: "Vi låser dine svar her på telefonen eller computeren.",
      exchanging: "Vi bytter din kode til en ret til at svare, som ingen kan føre tilbage til dig.",
      pausing:
        "Vi venter et par tilfældige sekunder. Så kan ingen bagefter se på klokken, hvilken kode dit svar hører til.",
      sending: "Vi sender dit låste svar.",
    } satisfies Record<Stage, string>,
    failedTitle: "Dit svar er ikke sendt endnu",
    kept: "Dine svar er her stadig.",
    newCode: "Ret koden",
    failures: {
      offline: "Der er ingen forbindelse til serveren. Se efter, om du er på nettet, og prøv igen.",
      try_again: "Serveren har travlt lige nu og har ikke gemt noget. Vent et øjeblik, og prøv igen.",
      unexpected: "Serveren svarede noget, siden ikke forstår. Prøv igen om lidt.",
      code_refused:
        "Koden kan ikke bruges. Den kan være skrevet forkert, brugt før eller trukket tilbage. Serveren siger ikke hvilket, for ellers kunne andre bruge din kode til at se, om du har svaret. Se på din invitation, og ret koden her.",
      too_many_attempts:
        "Der er prøvet for mange forkerte koder fra dit netværk. Vent en times tid, eller prøv fra et andet netværk.",
      wave_not_open: "Der er ikke åbnet for svar endnu. Lad fanen stå, og prøv igen, når undersøgelsen er begyndt.",
      wave_closed: "Undersøgelsen er lukket, så dit svar kan ikke komme med. Intet er gemt. Du kan lukke fanen.",
      unknown_wave: "Undersøgelsen findes ikke længere på serveren. Intet er gemt. Spørg den, der gav dig invitationen.",
      wrong_manifest:
        "Løfterne på serveren er andre end dem, du har læst. Derfor er intet gemt. Spørg medarbejdernes repræsentant, hvad der er sket.",
      issuer_fault:
        "Serverens svar passer ikke med det, der er lovet, og derfor sender vi ikke. Prøv igen. Sker det igen, så spørg medarbejdernes repræsentant.",
      sequence_refused: "Serveren har allerede et nyere svar fra dig. Det gælder, og du behøver ikke gøre mere.",
      credential_refused: "Serveren kunne ikke godkende din ret til at svare. Prøv igen. Sker det igen, så genindlæs siden først.",
      signature_refused: "Serveren kunne ikke godkende dit låste svar. Prøv igen. Sker det igen, så genindlæs siden først.",
      malformed: "Dit låste svar nåede ikke helt frem. Prøv igen.",
      wrong_length: "Dit låste svar nåede ikke helt frem. Prøv igen.",
      wrong_version: "Siden er blevet for gammel. Genindlæs den, og prøv igen. Dine svar bliver her.",
      left: "Du gik tilbage, før dit svar var sendt. Prøv igen, når du er klar.",
    } satisfies Record<Failure, string>,
  },

  receipt: {
    title: "Tak. Dit svar er sendt",
    sealed: "Det er låst og kan ikke læses af nogen, før undersøgelsen er lukket.",
    label: "Din kvittering",
    use: "Kvitteringen hører til netop dit svar. Den er nøglen, hvis svaret skal erstattes, trækkes tilbage eller findes på listen over de svar, der er talt med.",
    keep: "Den vises kun nu. Skriv den ned, hvis du vil gemme den – gerne et sted, hvor andre ikke ser den. Den afslører ikke, hvad du har svaret, men den viser, at du har svaret.",
    copy: "Kopiér",
    copied: "Kvitteringen er kopieret.",
    notCopied: "Din browser lod os ikke kopiere. Skriv kvitteringen af, eller markér og kopiér den selv.",
    print: "Udskriv",
    already: "Dit svar er sendt fra denne fane. Kvitteringen blev vist én gang og findes ikke her mere.",
    clear: "Deler du telefon eller computer med andre?",
    clearText: "Luk fanen, og slet siden fra browserens historik (Ctrl+Skift+Delete på en computer). Slet også beskeden med linket, hvis andre kan se den.",
    close: "Forlad siden",
  },
};

type Messages = typeof da;

const en: Messages = {
  pageTitle: "Questionnaire",
  quickExit: "Leave this page",
  quickExitHint: "You can also press Esc three times.",
  otherLanguage: "Dansk",
  languages: "Language",
  skipToContent: "Skip to content",
  loading: "Fetching the questionnaire …",
  step: (number, total) => `Step ${number} of ${total}`,
  back: "Back",
  next: "Next",
  backToReview: "Back to the overview",
  tryAgain: "Try again",
  error: "Error",
  list: (words) => joined(words, "and"),
  day: (day) => longDay(day, "en-GB"),
  notRemembered:
    "Your browser keeps nothing for this page. Your answers are lost if you reload it before you have sent them.",

  refused: {
    other_manifest: {
      title: "Do not answer on this page",
      text: "The promises behind this questionnaire are not the ones your invitation belongs to. So we do not show it. Show your invitation to the employees' representative and ask what has happened.",
    },
    other_questionnaire: {
      title: "Do not answer on this page",
      text: "The questions are not the ones your invitation promises. So we do not show them. Show your invitation to the employees' representative and ask what has happened.",
    },
    other_wave: {
      title: "The link does not fit",
      text: "The link leads to another questionnaire than the one this page can show. Open the link in your invitation again.",
    },
    unknown_format: {
      title: "The questionnaire cannot be shown",
      text: "The page cannot read what the server sent. Try again later. If it goes on, tell whoever gave you the invitation.",
    },
  },
  notLoaded: {
    title: "We cannot fetch the questionnaire",
    text: "There is no connection right now, or the server does not answer. Nothing is lost.",
  },
  noWave: {
    title: "There is no such questionnaire",
    text: "Check that you have the whole link. The survey may also have been deleted.",
  },
  notOpenYet: {
    title: "Answering has not opened yet",
    text: (day) => `You can answer from ${day}. Use the same link or the same code then.`,
  },
  closed: {
    title: "The survey is closed",
    text: "It is no longer possible to answer. If you have sent your answers, they are included.",
  },

  code: {
    title: "Type your code",
    intro: "The code is on your card or in your letter. It is for you alone and can be used once.",
    label: "Your code",
    hint: "16 characters. Capitals, spaces and hyphens do not matter.",
    invalid: "The code has 16 letters and digits. Look at the card and type it again.",
    brokenLink: "The link is not whole, so we cannot read your code. Open it again, or type the code here.",
    submit: "Continue",
  },
  compare: {
    title: "Compare with your card",
    intro: "There is a fingerprint on your card. It shows that this page makes the promises you were invited with.",
    label: "The fingerprint of this page",
    question: "Is it exactly the same on your card?",
    yes: "Yes, it is the same",
    no: "No, it is different",
  },

  consent: {
    asks: (organisation) => `${organisation} asks for your answers`,
    why: "What it is about",
    facts: { who: "Who asks", invited: "Who is invited", until: "When", duration: "How long it takes" },
    invited: (count) => `${number(count, "en-GB")} people`,
    paper: (count) => ` – and up to ${number(count, "en-GB")} can answer on paper`,
    until: (day) => `Answering closes no later than ${day}`,
    minutes: (least, most) => (least === most ? `${least} minutes` : `${least}–${most} minutes`),
    voluntary: {
      title: "You decide",
      points: [
        "It is voluntary. You may skip any question.",
        "Your answers stay in this tab until you press Send. Until then you can leave without a trace on our side.",
        "If you close the tab, the answers are gone. Some browsers can reopen a closed tab. Use the button “Leave this page”, and the answers are erased for good.",
        "Feel free to use your own phone. Then the network at work cannot see that you were here.",
      ],
    },
    leaders: {
      title: "What leaders can see",
      points: {
        groupsOnly: "Only tables about groups. Never a single response.",
        fewest: (least) => `If fewer than ${least} people answer, nothing is opened.`,
        exposure: (least) =>
          `Questions about what you have experienced or seen are only shown for groups in which at least ${least} have answered.`,
        bands: (least) =>
          `Small numbers are never shown exactly. If nobody or very few chose an answer, it says 0–${least - 1}. So nobody can tell whether it is none or some.`,
        noBreakdown: "Results are only shown for everybody together.",
        breakdowns: (names) =>
          `Results are shown for everybody together and can be divided by ${names}. They are never divided by two things at once.`,
        unit: "department or group",
        neverShared: "The figures are not shared with anyone else.",
        mayBeShared:
          "Afterwards the organisation can choose to let the protected figures go into joint figures for many organisations.",
      },
      exampleTitle: (base) => `This is how a table may look. The figures are invented; ${base} have answered.`,
      exampleQuestion: "Someone has talked in a degrading way about others' gender",
      exampleAnswer: "Answer",
      exampleCount: "Number",
      exampleNever: "No, never",
      exampleEver: "Yes, at least once",
      exampleNone: "Not answered",
    },
    opening: {
      title: "Who can open the answers",
      text: (quorum, total, roles) =>
        `The answers are locked before they leave your phone or computer. The key is shared between ${words(total, ENGLISH)}: ${roles}. At least ${words(quorum, ENGLISH)} of them must agree before the answers can be opened. It happens once: a program opens all responses, counts them and forgets them.`,
      role: (role, count) =>
        ({
          employees: count === 1 ? "the employees' representative" : `${count} representatives of the employees`,
          management: count === 1 ? "a representative of the management" : `${count} representatives of the management`,
          secretariat: count === 1 ? "the alliance's secretariat" : `${count} from the alliance's secretariat`,
          other: count === 1 ? "another trusted person" : `${count} other trusted people`,
        })[role],
    },
    destruction: {
      title: "When the answers are deleted",
      text: (afterRelease, afterClosing) =>
        `No later than ${afterRelease} days after the results are made. If there are no results, ${afterClosing} days after answering closes. The keys are deleted too, and nobody can open the answers again.`,
    },
    limits: {
      title: "What we cannot protect you against",
      points: [
        "Someone looking at your screen, or a phone or computer that is being watched.",
        "The network at work can see that this page was visited. It cannot see what you answer.",
        "Whoever runs the server could watch the connections while you send and guess which code a locked response belongs to.",
        "The server could give you a changed page that does not lock the answers as it should.",
        "Those who share the key could join forces to read the answers. They still cannot see who gave them.",
        "A thief who copies the database several times while people answer can guess better than chance which invitation a locked response came from – most of all when few are invited. The thief cannot read the answers themselves.",
      ],
    },
    notAReport:
      "Your response is not a report. If you want someone to act, go to a person you trust, or to your union or health-and-safety representative.",
    promises: "The promises word for word (JSON)",
    fingerprint: "Fingerprint of the promises",
    unitsTitle: "Departments and groups, and how many people are in them",
    unit: "Department or group",
    headcount: "People",
    agree: "Yes, I would like to answer",
    decline: "No, thank you",
    declined: {
      title: "That is quite all right",
      text: "We have erased your code in this tab, and nothing was sent. You can close the tab. If you change your mind, use the link or the code again.",
    },
  },

  unit: {
    title: "Your department or group",
    question: "Where do you belong?",
    hint: "You do not have to answer. A department or group is only shown if enough people have answered.",
    choose: "Choose – or leave it blank",
    whole: (name) => `${name}, not specified further`,
    within: (parent, name) => `${parent} – ${name}`,
  },

  section: {
    optional: "You may skip any question.",
    clear: "Clear answer",
    clearFor: (text) => `Clear the answer to: ${text}`,
    atMost: (most) => `Choose no more than ${words(most, ENGLISH)}.`,
    tellsMost: (question, most) => question.includes(`no more than ${words(most, ENGLISH)}`),
    stopped: (most) =>
      `You have chosen ${words(most, ENGLISH)}, which is the most. Remove a choice if you want to choose another.`,
    dropped: (count) =>
      count === 1
        ? "Because you changed an answer, a later question is no longer asked. Your answer to it has been deleted."
        : `Because you changed an answer, some later questions are no longer asked. Your ${count} answers to them have been deleted.`,
    skip: "Skip this section",
    skippedAnswers: (count) =>
      count === 0
        ? "You have skipped the section."
        : `You have skipped the section. ${count === 1 ? "Your answer in it has been deleted." : `Your ${count} answers in it have been deleted.`}`,
    contentWarning: "This question may be unpleasant.",
  },
  warning: {
    title: "Before you go on",
    text: "The next questions are about experiences that can be hard to think of. You can skip the whole section, and you can stop in the middle of it.",
    show: "Show the questions",
  },
  help: {
    title: "Help and contacts",
    anonymous: "You can be anonymous.",
    phone: "Phone",
  },

  review: {
    title: "Your answers",
    intro: "Look them through and change what you like. Nothing has been sent yet.",
    blank: "Not answered",
    skipped: "The section was skipped",
    change: "Change",
    changeSection: (section) => `Change: ${section}`,
    sendTitle: "Ready to send",
    sendText:
      "When you press Send, your answers are locked here on your phone or computer. Only then are they sent. It takes a few seconds.",
    send: "Send",
    nothing: "You have not answered anything. You can still send: then you count as one who took part.",
  },

  sending: {
    title: "Sending your response",
    wait: "Stay on the page until the receipt comes. If you leave now, your response may be lost, and the code cannot be used again.",
    stages: {
      sealing: "We are locking your answers here on your phone or computer.",
      exchanging: "We are exchanging your code for a right to answer that nobody can trace back to you.",
      pausing:
        "We are waiting a few random seconds. Then nobody can tell afterwards from the clock which code your response belongs to.",
      sending: "We are sending your locked response.",
    },
    failedTitle: "Your response has not been sent yet",
    kept: "Your answers are still here.",
    newCode: "Correct the code",
    failures: {
      offline: "There is no connection to the server. Check that you are online and try again.",
      try_again: "The server is busy right now and has stored nothing. Wait a moment and try again.",
      unexpected: "The server answered something this page does not understand. Try again in a little while.",
      code_refused:
        "The code cannot be used. It may be mistyped, used before or withdrawn. The server does not say which, or others could use your code to see whether you have answered. Look at your invitation and correct the code here.",
      too_many_attempts:
        "Too many wrong codes have been tried from your network. Wait an hour or so, or try from another network.",
      wave_not_open: "Answering has not opened yet. Leave the tab open and try again when the survey has begun.",
      wave_closed: "The survey is closed, so your response cannot be included. Nothing was stored. You can close the tab.",
      unknown_wave: "The survey is no longer on the server. Nothing was stored. Ask whoever gave you the invitation.",
      wrong_manifest:
        "The promises on the server are not the ones you have read. So nothing was stored. Ask the employees' representative what has happened.",
      issuer_fault:
        "The server's answer does not match what was promised, so we are not sending. Try again. If it happens again, ask the employees' representative.",
      sequence_refused: "The server already has a newer response from you. That one counts, and you need do nothing more.",
      credential_refused: "The server could not approve your right to answer. Try again. If it happens again, reload the page first.",
      signature_refused: "The server could not approve your locked response. Try again. If it happens again, reload the page first.",
      malformed: "Your locked response did not arrive whole. Try again.",
      wrong_length: "Your locked response did not arrive whole. Try again.",
      wrong_version: "This page has become too old. Reload it and try again. Your answers stay here.",
      left: "You went back before your response was sent. Try again when you are ready.",
    },
  },

  receipt: {
    title: "Thank you. Your response has been sent",
    sealed: "It is locked and cannot be read by anyone until the survey has closed.",
    label: "Your receipt",
    use: "The receipt belongs to your response alone. It is the key if the response is to be replaced, withdrawn or found on the list of the responses that were counted.",
    keep: "It is shown only now. Write it down if you want to keep it – in a place where others do not see it. It does not tell what you answered, but it shows that you did answer.",
    copy: "Copy",
    copied: "The receipt has been copied.",
    notCopied: "Your browser did not let us copy. Write the receipt down, or select and copy it yourself.",
    print: "Print",
    already: "Your response has been sent from this tab. The receipt was shown once and is no longer here.",
    clear: "Do you share your phone or computer with others?",
    clearText:
      "Close the tab and delete the page from the browser's history (Ctrl+Shift+Delete on a computer). Delete the message with the link too, if others can see it.",
    close: "Leave this page",
  },
};

const MESSAGES: Readonly<Record<Language, Messages>> = { da, en };

/** The page's words in a language. */
export function messages(language: Language): Messages {
  return MESSAGES[language];
}

export type { Messages };

const DANISH = ["nul", "én", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti"];
const ENGLISH = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

function words(count: number, names: readonly string[]): string {
  return names[count] ?? String(count);
}

function joined(parts: readonly string[], and: string): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} ${and} ${last}`;
}

/** `2026-12-14` as `14. december 2026`, whatever the device's time zone. */
function longDay(day: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return format.format(new Date(`${day}T00:00:00Z`));
}

function number(value: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(value);
}
