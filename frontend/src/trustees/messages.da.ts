/**
 * The Danish words of the trustees' page, and with them the type of every other language's.
 */
import type { Failure } from "../sending.ts";
import type { TrusteeRole } from "../manifest.ts";
import { longDay, number } from "../wording.ts";
import type { Reason } from "./refusals.ts";
import type { WaveState, WaveSummary } from "./server.ts";

const ROLES: Readonly<Record<TrusteeRole, string>> = {
  employees: "medarbejdernes repræsentant",
  management: "ledelsens repræsentant",
  secretariat: "alliancens sekretariat",
  other: "en anden betroet person",
};

export const da = {
  pageTitle: "Nøgleholdere",
  skipToContent: "Spring til indhold",
  demo: "Dette er en demo. Alle organisationer og alle, der svarer i den, er opdigtede.",
  program: "Sidens program, SHA-256:",
  languages: "Sprog",
  otherLanguage: "English",
  loading: "Et øjeblik …",
  tryAgain: "Prøv igen",
  back: "Tilbage til undersøgelserne",
  next: "Næste",
  error: "Fejl",
  role: (role: TrusteeRole) => ROLES[role],
  day: (day: string) => longDay(day, "da-DK"),
  count: (value: number) => number(value, "da-DK"),
  computing: (share: number) => `Regner på dine ord … ${Math.round(share * 100)} %`,

  server: {
    title: "Det kunne ikke lade sig gøre",
    offline: "Der er ingen forbindelse til serveren. Intet er sendt. Se efter, om du er på nettet, og prøv igen.",
    not_signed_in: "Serveren kender ikke din invitation. Er linket helt, så bed den, der inviterede dig, om et nyt.",
    already_enrolled: "Der er allerede en anden nøgle på din plads. Er den ikke din, så sig det til sekretariatet.",
    wrong_state: "Undersøgelsen er kommet videre, og det kan ikke gøres nu. Gå tilbage, og se, hvor den står.",
    wrong_list: "Serveren har en anden liste end den, din browser så. Intet er godkendt. Prøv igen, og ring til de andre, hvis det gentager sig.",
    confirmation_refused: "Serveren kan ikke genkende dit bevis. Nøglen er måske en ældre end den, undersøgelsen bygger på.",
    custody_not_ready: "Det program, der skal åbne svarene, er ikke startet endnu. Prøv igen senere.",
    other: "Serveren sagde nej. Intet er sendt. Prøv igen om lidt.",
  },

  refused: {
    title: "Godkend intet",
    after: "Intet er sendt. Ring til de andre nøgleholdere og til sekretariatet, og læs op, hvad der står her.",
    reasons: {
      unreadable: "Serveren sendte noget, der ikke er en undersøgelses løfter.",
      other_custody: "Løfterne er ikke underskrevet af det åbningsprogram, du kender fingeraftrykket på.",
      not_signed: "En underskrift passer ikke: Åbningsprogrammet har ikke skrevet under på det, serveren viser.",
      other_wave: "Serveren viste en anden undersøgelse end den, du bad om.",
      not_among_trustees: "Din nøgle er ikke blandt dem, undersøgelsen er låst med.",
      share_does_not_open: "Din del af nøglen kan ikke låses op. Den er ikke lavet til din nøgle og disse løfter.",
      papers_do_not_open: "Koderne til svar på papir kan ikke låses op. De er ikke lavet til din nøgle og disse løfter.",
      other_questionnaire: "Spørgsmålene er ikke dem, løfterne nævner.",
      other_promises: "Løfterne er ikke dem, du bekræftede. Nogen har ændret dem.",
      not_confirmed:
        "Din nøglefil kender ikke undersøgelsen. Er der en nyere fil, så åbn den: den med det højeste nummer er den nyeste.",
      not_asked: "Åbningsprogrammet har ikke bedt om din del endnu.",
      other_list: "Listen hører til en anden undersøgelse.",
      second_list: "Du har godkendt en anden liste før. En ny liste med et svar mere eller mindre ville afsløre det svar.",
    } satisfies Record<Reason, string>,
  },

  start: {
    title: "Åbn med din nøglefil",
    text: "Vælg den fil, du gemte, og skriv de seks ord fra dit papir. Begge dele bliver i din browser.",
    newest: "Har du flere filer, så vælg den med det højeste nummer.",
    file: "Din nøglefil",
    words: "De seks ord",
    wordsHint: "Store bogstaver og ekstra mellemrum betyder ikke noget.",
    show: "Vis ordene",
    open: "Åbn",
    no_key_file: "Filen er ikke en nøglefil, eller den er ændret. Vælg den fil, du gemte.",
    other_server: (server: string) => `Nøglefilen hører til ${server}, ikke til denne side. Brug adressen i filen.`,
    wrong_passphrase: "Ordene åbner ikke filen. Skriv de seks ord, som de står på dit papir.",
    unknown: (words: string) => `Ordlisten har ikke: ${words}. Se efter på dit papir.`,
    missing: "Vælg filen, og skriv de seks ord.",
    firstTime: "Er det første gang, så brug linket i den mail, du har fået.",
    copy: "Hent kopien fra serveren",
    copyText: "Du bad os gemme en kopi af din nøglefil. Har du ikke filen, kan du åbne kopien med de seks ord.",
    copyFault: "Kopien er ikke den, du efterlod. Brug den ikke. Sig det til sekretariatet.",
    lost: "Har du mistet filen eller ordene?",
    lostText:
      "Sig det med det samme til den, der står for undersøgelserne. Du får et nyt link og laver en ny nøgle. Undersøgelser, der endnu ikke er åbnet for svar, kan begynde forfra med den nye nøgle. De andre må klare sig med de nøgler, der er tilbage.",
  },

  enrol: {
    above: (organisation: string) => organisation,
    title: (name: string) => (name ? `Velkommen, ${name}` : "Velkommen"),
    asked: (role: string) => `Du er bedt om at holde en del af nøglen til svarene som ${role}.`,
    points: [
      "Alene kan du intet åbne, og ingen kan åbne noget uden jer: der skal flere til, og det sker én gang, når undersøgelsen er lukket.",
      "Før der åbnes for svar, viser siden, hvad deltagerne bliver lovet. Du bekræfter kun, hvis det er rigtigt.",
      "Til sidst siger du ja eller nej til åbningen. Du kan sige nej, og du siger hvorfor.",
      "Din nøgle laves her i browseren. Du får en fil og seks ord. Ingen af os har dem, og ingen kan give dig dem igen.",
    ],
    own: "Brug din egen computer. En telefon kan også bruges, men filen skal kunne findes igen om nogle måneder.",
    begin: "Lav min nøgle",
    wordsTitle: "Skriv de seks ord ned",
    wordsText: "På papir, i denne rækkefølge. De vises kun nu. Gem papiret et andet sted end filen.",
    wordsLabel: "Dine seks ord",
    written: "Jeg har skrevet dem ned",
    typeTitle: "Skriv ordene fra dit papir",
    typeText: "Så er vi begge sikre på, at de står rigtigt.",
    different: "Det er ikke de seks ord. Se på papiret, eller gå tilbage og se dem igen.",
    seeAgain: "Se ordene igen",
    make: "Lav nøglen",
    saveTitle: "Gem din nøglefil",
    saveText: "Filen er låst med de seks ord. Gem den, hvor du finder den om et år, og tag gerne en kopi på en USB-nøgle.",
    doneTitle: "Din nøgle er klar",
    doneText: "Sammenlign de to fingeraftryk uden om denne side: ring til de andre nøgleholdere og til sekretariatet.",
    own_fingerprint: "Din nøgles fingeraftryk",
    own_why: "Sekretariatet spørger efter det, så ingen anden kan sidde på din plads.",
    custody_fingerprint: "Åbningsprogrammets fingeraftryk",
    custody_why: "Det skal være det samme hos jer alle. Ellers står der nogen imellem.",
    toWaves: "Se undersøgelserne",
  },

  save: {
    download: "Gem filen",
    again: "Vælg filen, du lige gemte",
    why: "Vi læser den igennem, så vi ved, at den ligger på din computer og kan åbnes. Siden selv husker intet.",
    named: (name: string) => `Den hedder ${name}.`,
    different: "Det er ikke den fil, du lige gemte. Gem den igen, og vælg den nye.",
    kept: "Filen er gemt.",
  },

  copy: {
    title: "En kopi hos os?",
    text: "Vi kan gemme en kopi af den låste fil, hvis du beder om det. Den kan kun åbnes med dine seks ord. Til gengæld kan en tyv med vores database gætte på ordene i ro og mag.",
    keep: "Gem en kopi hos jer",
    forget: "Slet kopien hos jer",
    kept: "Der ligger en kopi hos os. Den følger med, når din fil ændrer sig.",
    none: "Vi har ingen kopi.",
  },

  waves: {
    title: "Undersøgelser, der afhænger af dig",
    none: "Der er ingen endnu. Du får en mail, når der er noget at bekræfte.",
    look: "Se løfterne, og hvad du kan gøre",
    lookAt: (organisation: string) => `Se løfterne, og hvad du kan gøre: ${organisation}`,
    refresh: "Se efter igen",
    close: "Lås og luk",
    me: (role: string) => `Du er her som ${role}.`,
    state: {
      draft: "Den er ved at blive planlagt.",
      ceremony: "Nøglen er lavet. Den venter på, at alle nøgleholdere bekræfter.",
      ready: "Alle har bekræftet. Der åbnes snart for svar.",
      fielding: "Der er åbnet for svar.",
      closed: "Der er lukket for svar.",
      opening: "Åbningsprogrammet beder om jeres dele af nøglen.",
      released: "Resultatet er lavet. Svarene venter på at blive slettet.",
      destroyed: "Slettet: de låste svar, jeres dele af nøglen og åbningsprogrammets del. Ingen kan åbne dem igen.",
      cancelled: "Aflyst, før der blev åbnet for svar.",
    } satisfies Record<WaveState, string>,
    period: (first: string, last: string) => `${first} – ${last}.`,
    toConfirm: "Venter på din bekræftelse",
    toApprove: "Venter på dit ja eller nej",
    toProve: "Vis, at din nøgle stadig virker",
    approved: "Du har sagt ja til åbningen.",
    declined: "Du har sagt nej til åbningen.",
    waits: {
      vouching: "Åbningsprogrammet kender ikke sekretariatets nøgle endnu. Sekretariatet læser dens fingeraftryk op for dem, der driver maskinerne.",
      later_days: "Undersøgelsen kan ikke begynde: Den følger mindre end et halvt år efter organisationens forrige. Den må planlægges igen.",
      destruction: "Der er flere svar, end der er folk, der blev spurgt. De bliver aldrig åbnet, og de slettes, når tiden er gået. Ring til de andre.",
      operator: "Åbningsprogrammet kan ikke komme videre med undersøgelsen. De, der driver maskinerne, kan se hvorfor i dets log.",
    } satisfies Record<NonNullable<WaveSummary["waits_for"]>, string>,
    danger: {
      none: () => "",
      unproven: ({ proven, quorum }: WaveSummary["keys"]) =>
        `Kun ${proven} har for nylig vist, at deres nøgle virker, og der skal ${quorum} til. Vis, at din virker, og mind de andre om det.`,
      last: ({ able, quorum }: WaveSummary["keys"]) =>
        `Der er ${able} nøgler tilbage, og der skal ${quorum} til. Mister I én mere, kan svarene aldrig åbnes.`,
      lost: ({ able, quorum }: WaveSummary["keys"]) =>
        `Kun ${able} kan eller vil åbne, og der skal ${quorum} til. Svarene kan ikke åbnes, og de slettes uåbnede, medmindre en af dem, der sagde nej, siger ja.`,
    } satisfies Record<WaveSummary["keys"]["danger"], (keys: WaveSummary["keys"]) => string>,
  },

  wave: {
    above: "Det er deltagerne lovet",
    checked: "Din browser har set efter, at løfterne er underskrevet af det åbningsprogram, du kender.",
    known: "Det er dem, du bekræftede.",
    counts: {
      title: "Hvem er med, og hvor mange",
      text: "Tæl efter: Kender du afdelingerne, og passer antallet? En afdeling med opdigtede kolleger ville stå alene med ét ægte svar.",
      unit: "Afdeling eller gruppe",
      people: "Personer",
      all: "Inviterede i alt",
      anyone: "alle, der har linket",
      paper: "Kan svare på papir",
    },
    prints: {
      title: "Fingeraftryk",
      manifest: "Løfterne",
      manifestWhy: "Det samme som på deltagernes kort og hos de andre nøgleholdere.",
      keys: "Nøglerne, undersøgelsen er låst med",
      keysWhy: "Ring til hver af de andre, og lad dem læse deres fingeraftryk op. Passer et ikke, sidder en fremmed på den plads.",
      you: (role: string) => `Dig, ${role}`,
    },
    confirm: {
      title: "Bekræft løfterne",
      text: "Bekræft kun, hvis organisationen, afdelingerne og tallene er dem, du kender. Bagefter kan ingen ændre løfterne.",
      check: "Jeg kender løfterne, afdelingerne og tallene",
      heard: "De andre nøgleholdere har hver læst deres fingeraftryk op for mig, og det er dem, der står her",
      anyone: "Jeg ved, at undersøgelsen er åben: Alle, der har linket eller ser plakaten, kan svare, også flere gange",
      real: (count: string) => `Jeg ved, at de ${count} inviterede findes, og at det er alle, der må svare`,
      joined: (organisations: string, largest: string) =>
        `Jeg ved, at de hører til ${organisations} organisationer, at ingen af dem har over ${largest} personer, og at ingen gruppe er én organisation alene`,
      unchecked: "Sæt alle krydser, når du har set efter.",
      begin: "Bekræft",
      saveTitle: "Gem din nye nøglefil",
      saveText: "Filen husker nu løfterne, så ingen kan give dig andre. Bekræftelsen sendes, når filen er gemt.",
      done: "Du har bekræftet. Tak.",
    },
    prove: {
      title: "Virker din nøgle stadig?",
      text: "Vis det en gang om måneden, så en tabt nøgle opdages i tide. Det åbner ingenting.",
      recently: "Det er vist inden for den seneste måned.",
      button: "Vis, at den virker",
      done: "Din nøgle virker. Tak.",
    },
    approve: {
      title: "Ja eller nej til åbningen",
      text: "Åbningsprogrammet har gennemgået hvert svar og skrevet under på listen over dem, der tæller. Siger du ja, får det din del af nøglen til netop den liste.",
      counted: "Svar, der tælles",
      received: "Svar, der kom ind",
      withdrawn: "Trukket tilbage",
      rejected: "Afvist",
      invited: "Inviterede",
      more: "Der er kommet flere svar, end der er inviteret. Sig nej, og spørg sekretariatet.",
      yes: "Ja, åbn svarene",
      no: "Nej …",
      saveTitle: "Gem din nye nøglefil",
      saveText: "Filen husker nu listen. Den er den eneste, du nogensinde kan godkende. Dit ja sendes, når filen er gemt.",
      done: "Dit ja er sendt.",
      again: "Du har sagt ja. Bliver der bedt om det igen, er det den samme liste: åbningsprogrammet er startet forfra.",
    },
    decline: {
      title: "Nej til åbningen",
      text: "Skriv hvorfor. Den, der står for undersøgelsen, kan læse det.",
      label: "Din begrundelse",
      missing: "Skriv en begrundelse.",
      long: "Højst 1.000 tegn.",
      consequence: (after: number, quorum: number) =>
        after < quorum
          ? `Siger du nej, er der kun ${after} tilbage, og der skal ${quorum} til. Så kan svarene ikke åbnes, og de slettes uåbnede 60 dage efter lukningen, medmindre en af jer ombestemmer sig.`
          : `Siger du nej, kan de andre stadig åbne svarene: Der skal ${quorum} til, og der er ${after} tilbage.`,
      send: "Send mit nej",
      cancel: "Fortryd",
      done: "Dit nej er sendt. Ombestemmer du dig, kan du sige ja, så længe svarene ikke er slettet.",
      mine: "Du har sagt nej:",
    },
    released: (day: string) => `Svarene er åbnet og talt. De slettes senest den ${day}.`,
    closedUnopened: (day: string) => `Bliver de ikke åbnet, slettes de uåbnede den ${day}.`,
  },

  papers: {
    title: "Svar på papir",
    text: (count: string) => `Undersøgelsen har plads til ${count} svar på papir. Du er en af dem, der må taste dem ind.`,
    open: "Tast papirer ind",
    leave: "Tilbage til undersøgelsen",
    alone: "Sid alene, på en maskine, du selv bestemmer over. Du læser, hvad der står, og kan måske kende skriften: Tal ikke om det, heller ikke bagefter.",
    shuffle: "Bland papirerne, før du begynder, så rækkefølgen ikke fortæller, hvem der kom først. Makulér dem, når undersøgelsen er lukket.",
    used: (used: string, of: string) => `${used} af ${of} er brugt, så vidt denne browser ved.`,
    begin: "Tast et papir ind",
    lookTitle: "Står det sådan på papiret?",
    lookText: "Hold det op mod papiret. Når det er sendt, kan det ikke ændres eller trækkes tilbage.",
    send: "Lås og send",
    cancel: "Smid det væk, og begynd forfra",
    sending: "Låser og sender …",
    sent: "Papiret er sendt. Læg det væk fra dem, der mangler.",
    pending: "Et papir er på vej, og vi ved ikke, om det nåede frem. Det ligger låst i denne browser. Send det igen, før du tager det næste: Det bliver kun talt én gang.",
    again: "Send det igen",
    failed: (failure: Failure): string =>
      failure === "code_refused"
        ? "Alle pladser til svar på papir er brugt. Papiret er ikke sendt."
        : failure === "wave_closed" || failure === "wave_not_open"
          ? "Undersøgelsen er lukket. Papiret er ikke sendt."
          : failure === "too_many_attempts"
            ? "Der er prøvet mange forkerte koder fra dit netværk, og det regnestykke, serveren beder om, lykkedes ikke. Prøv igen."
            : "Der kom intet svar fra serveren. Prøv igen om lidt.",
  },
};

export type Messages = typeof da;
