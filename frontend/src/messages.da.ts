/**
 * The Danish words of the answering page, and with them the type of every other language's.
 */
import type { TrusteeRole } from "./manifest.ts";
import type { Failure, Stage } from "./sending.ts";
import { joined, longDay, number, words } from "./wording.ts";

const DANISH = ["nul", "én", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti"];

export const da = {
  pageTitle: "Spørgeskema",
  quickExit: "Forlad siden",
  quickExitHint: "Du kan også trykke tre gange på Esc.",
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
    totals: "Undersøgelsen i tal",
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
    invited: {
      title: "Sammenlign med dit kort",
      intro: "På dit kort står der et fingeraftryk. Det viser, at siden giver de løfter, du er inviteret med.",
      question: "Står der nøjagtig det samme på dit kort?",
    },
    open: {
      title: "Sammenlign med plakaten",
      intro: "På plakaten står der et fingeraftryk. Det viser, at siden giver de løfter, der hører til plakaten.",
      question: "Er det helt det samme på plakaten?",
    },
    label: "Fingeraftrykket på denne side",
    yes: "Ja, det er det samme",
    no: "Nej, der står noget andet",
  },

  consent: {
    asks: (organisation: string) => `${organisation} beder om dit svar`,
    why: "Hvad det handler om",
    facts: {
      who: "Hvem spørger",
      invited: "Hvem er inviteret",
      mayAnswer: "Hvem kan svare",
      until: "Hvornår",
      duration: "Hvor længe tager det",
    },
    invited: (count: number) => `${number(count, "da-DK")} personer`,
    anyone: "Alle, der har linket eller ser plakaten",
    paper: (count: number) => ` – og op til ${number(count, "da-DK")} kan svare på papir`,
    onPaper:
      "Nogle svarer på papir i stedet for med en invitation. Den, der taster papiret ind, læser det: medarbejdernes repræsentant eller alliancens sekretariat, aldrig nogen fra ledelsen.",
    paperToPrint: "Spørgeskemaet på papir (PDF)",
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
        fewestOpen: (least: number) => `Kommer der færre end ${least} svar, bliver intet vist.`,
        groups: (sensitive: number, general: number) =>
          `Spørgsmål om det, du har oplevet eller set, vises kun for grupper, hvor mindst ${sensitive} har svaret. Andre spørgsmål kræver mindst ${general}.`,
        bands: (least: number) =>
          `Små tal vises aldrig nøjagtigt. Har ingen eller ganske få valgt et svar, står der 0\u2060–\u2060${least - 1}. Så kan ingen se, om det er nul eller nogen.`,
        noBreakdown: "Resultaterne vises kun for alle under ét.",
        breakdowns: (names: string) => `Resultaterne vises for alle under ét og kan deles op efter ${names}. De deles aldrig op på to ting samtidig.`,
        unit: "afdeling eller gruppe",
        neverShared: "Tallene deles ikke med andre.",
        mayBeShared:
          "Organisationen kan bagefter vælge at lade de beskyttede tal indgå i fælles tal for mange organisationer.",
      },
      pictureTitle: "Sådan ser det ud, en leder kan få at se. Tallene er opdigtede.",
      exampleAnswer: "Svar",
      base: "Har svaret",
      groups: { everyone: "Alle", larger: "Afdeling A", smaller: "Afdeling B" },
      fewer: (least: number) => `under ${least}`,
      hidden: "vises ikke",
      pictures: {
        climate: {
          caption: "Hos os bliver det taget alvorligt, når nogen siger fra",
          options: ["Enig", "Hverken eller", "Uenig"],
        },
        acts: {
          caption: "Nogen har talt nedladende om andres køn",
          options: ["Nej, aldrig", "Ja, mindst én gang", "Ikke svaret"],
        },
      },
      pictureReading: (least: number) =>
        `“0\u2060–\u2060${least - 1}” kan være nul. Det kan også være ${least - 1}. Det kan ingen se – heller ikke den, der ved, hvem der har svaret.`,
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
        "At serveren giver dig en ændret side, der ikke låser svarene, som den skal.",
        "At de, der deler nøglen, slår sig sammen om at læse svarene. De kan stadig ikke se, hvem der har givet dem.",
        "At den, der driver serveren, fjerner dit svar, før der lukkes. Med dit nummer på listen kan du bagefter se efter, om det er talt med.",
        "At en, der ved, hvad alle de andre har svaret, kan regne det sidste svar ud af et nøjagtigt tal.",
        "At en leder gætter på, hvem der har svaret hvad, også hvor tallene ikke viser det.",
      ],
      invited: [
        "At den, der driver serveren, holder øje med forbindelserne, mens du sender, og gætter på, hvilken kode et låst svar hører til.",
        "At en tyv, der kopierer databasen hver nat, mens der svares, finder invitationen til hvert andet låste svar, når 20 er inviteret, til hvert tiende, når 200 er, og til hvert hundrede, når 2.000 er. Svarene selv kan tyven ikke læse.",
        "At den, der driver serveren, lægger opdigtede svar ind for dem, der ikke svarer. Der er aldrig flere svar, end der er mennesker, der er spurgt.",
        "At den, der deler invitationerne ud, selv bruger en af dem. En kode virker kun én gang, så du vil opdage det: Din bliver afvist.",
      ],
      open: [
        "At den, der driver serveren, holder øje med forbindelserne, mens du sender, og ser, hvilken telefon eller computer et låst svar kommer fra.",
        "At nogen svarer flere gange eller slet ikke hører til. Undersøgelsen er åben: Ingen får en kode, og ingen kan se, hvem der svarer. Derfor vises tallene kun for alle under ét, og det står ved dem.",
        "At nogen, også den, der driver serveren, lægger opdigtede svar ind. I en åben undersøgelse kan ingen tælle efter.",
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
    question: (number: number, of: number) => `spørgsmål ${number} af ${of}`,
    clear: "Fjern svar",
    clearFor: (text: string) => `Fjern svar på: ${text}`,
    limit: (most: number) => `Vælg højst ${words(most, DANISH)}.`,
    tellsMost: (question: string, most: number) => question.includes(`højst ${words(most, DANISH)}`),
    untold: "De andre valg er fjernet: De kan ikke stå sammen med det, du valgte.",
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
    perhapsTitle: "Vi ved ikke, om dit svar nåede frem",
    perhaps:
      "Vi sendte det, men fik ikke besked om, at det kom frem. Prøv igen. Kommer det frem to gange, tæller det kun én gang.",
    closedOnTheWay:
      "Undersøgelsen lukkede, mens dit svar var på vej, så vi ved ikke, om det nåede med. Skriv nummeret her ned. Når listen over de svar, der tæller med, er lavet, kan du se efter, om det står på den.",
    failures: {
      offline: "Der er ingen forbindelse til serveren. Se efter, om du er på nettet, og prøv igen.",
      try_again: "Serveren har travlt lige nu og har ikke gemt noget. Vent et øjeblik, og prøv igen.",
      unexpected: "Serveren svarede noget, siden ikke forstår. Prøv igen om lidt.",
      code_refused:
        "Koden kan ikke bruges. Den kan være skrevet forkert, brugt før – også af dig selv i en anden fane – eller trukket tilbage. Serveren siger ikke hvilket, for ellers kunne andre bruge din kode til at se, om du har svaret. Se på din invitation, og ret koden her.",
      too_many_attempts:
        "Der er prøvet mange forkerte koder fra dit netværk, og derfor beder serveren først din browser om lidt regnearbejde. Det lykkedes ikke denne gang. Prøv igen.",
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
    noteTitle: "Det kan du skrive ned, hvis du vil",
    keep: "Det vises kun nu. Skriv det ned et sted, hvor andre ikke ser det. Det afslører ikke, hvad du har svaret, men det viser, at du har svaret. Du behøver ikke gemme noget.",
    label: "Din kvittering",
    use: "Med den kan du erstatte dit svar eller trække det tilbage, så længe undersøgelsen er åben. Det kan andre også, hvis de finder den.",
    listNumber: "Dit nummer på listen",
    listUse: "Med det kan du se, om dit svar er talt med, når undersøgelsen er lukket. Det kan ikke bruges til andet.",
    copy: "Kopiér",
    copyWarning: "Kopierer du det, ligger det i udklipsholderen. Der kan andre på enheden finde det, og nogle telefoner sender det videre til dine andre enheder. På en computer, der ikke er din, så skriv det hellere af.",
    copied: "Det hele er kopieret. Kopiér noget andet, når du har sat det ind, så det ikke bliver liggende.",
    notCopied: "Din browser lod os ikke kopiere. Skriv det af, eller markér og kopiér det selv.",
    print: "Udskriv",
    already: "Dit svar er sendt fra denne fane. Kvitteringen og nummeret på listen blev vist én gang og findes ikke her mere.",
    clear: "Deler du telefon eller computer med andre?",
    clearText: "Luk fanen, og slet siden fra browserens historik (Ctrl+Skift+Delete på en computer). Slet også beskeden med linket, hvis andre kan se den.",
    close: "Forlad siden",
  },

  later: {
    answered: "Har du allerede svaret?",
    answeredTitle: "Har du allerede svaret?",
    useReceipt: "Brug din kvittering",
    wasCounted: "Se, om dit svar er talt med",
    replacing:
      "Du er ved at erstatte dit tidligere svar. Ingen kan se, hvad du svarede – det kan vi heller ikke – så du svarer forfra. Det gamle gælder, til du sender det nye.",
    replaceInstead:
      "Så er koden brugt. Har du kvitteringen, kan det, du har svaret nu, træde i stedet for det, du sendte før.",
    replaceNow: "Erstat mit tidligere svar",
    wait: "Bliv på siden, til kvitteringen kommer. Det gamle svar gælder, til det nye er nået frem.",

    receiptTitle: "Brug din kvittering",
    receiptText: "Med kvitteringen kan du svare igen i stedet for det, du sendte, eller trække dit svar tilbage.",
    receipt: {
      label: "Din kvittering",
      hint: "28 tegn. Store og små bogstaver, mellemrum og bindestreger betyder ikke noget.",
      invalid: "Det er ikke en kvittering. Den har 28 tegn. Sammenlign med det, du har skrevet ned, tegn for tegn.",
    },
    choiceTitle: "Hvad vil du med dit svar?",
    choiceText: "Erstatter du det, svarer du forfra, og kun det nye tæller. Trækker du det tilbage, tæller intet fra dig.",
    replace: "Svar igen",
    withdraw: "Træk mit svar tilbage",
    withdrawTitle: "Træk dit svar tilbage",
    withdrawText:
      "Dit låste svar bliver overskrevet med nuller. Tilbage står kun, at et svar er trukket tilbage – ikke hvis. Så længe undersøgelsen er åben, kan du svare igen med kvitteringen.",
    withdrawNow: "Ja, træk det tilbage",
    underWay: "Vi trækker dit svar tilbage …",
    withdrawnTitle: "Dit svar er trukket tilbage",
    withdrawnText: "Det tæller ikke med, og ingen kan åbne det.",

    countedTitle: "Er dit svar talt med?",
    countedText:
      "Når undersøgelsen er lukket, bliver der lavet en liste over de svar, der tæller med. Din browser henter hele listen og leder selv, så serveren får ikke at vide, hvilket nummer du leder efter.",
    listNumber: {
      label: "Dit nummer på listen",
      hint: "8 tegn. Det stod under kvitteringen.",
      invalid: "Nummeret har 8 tegn. Kvitteringen er noget andet og kan ikke bruges her.",
    },
    look: "Se efter",
    looking: "Vi henter listen …",
    listed: (count: number) =>
      `Ja. Dit svar er med. Der er ${number(count, "da-DK")} svar på listen, og den har den rigtige underskrift.`,
    notListed: (count: number) =>
      `Nummeret står ikke blandt de ${number(count, "da-DK")} på listen. Det gør det heller ikke, hvis du har erstattet svaret – så gælder det nye nummer – eller trukket det tilbage. Er det ikke derfor, så sig det til medarbejdernes repræsentant.`,
    looks: {
      not_yet: "Listen er ikke lavet endnu. Den kommer, kort efter at undersøgelsen er lukket. Prøv igen senere.",
      not_signed:
        "Listen på serveren har ikke den rigtige underskrift, så den kan ikke bruges til noget. Sig det til medarbejdernes repræsentant.",
      offline: "Vi kunne ikke hente listen. Se efter, om du er på nettet, og prøv igen.",
    },
    failures: {
      credential_refused:
        "Der er ikke noget svar, som passer til kvitteringen. Sammenlign den med det, du har skrevet ned. Intet er ændret.",
      wave_closed: "Undersøgelsen er lukket, så intet kan ændres mere. Det, du sendte før, gælder.",
    } as Partial<Record<Failure, string>>,
  },
  preview: {
    end: "Sidste side",
    nothingSent: "Her ville man se sine svar igennem og sende dem. Det her var en prøve: Intet er gemt eller sendt.",
    again: "Begynd forfra",
    failed: "Spørgeskemaet kunne ikke hentes. Gå tilbage, og prøv igen.",
  },
};

export type Messages = typeof da;
