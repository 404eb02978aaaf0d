/** The little of Plotly that charts.ts calls; the bundle itself brings no types. */
declare module "plotly.js-basic-dist-min" {
  export interface Figure {
    readonly data: readonly object[];
    readonly layout: { readonly height?: number };
  }

  export interface Config {
    readonly responsive?: boolean;
    readonly staticPlot?: boolean;
    readonly displayModeBar?: boolean;
  }

  const Plotly: {
    newPlot(place: HTMLElement, data: Figure["data"], layout: Figure["layout"], config: Config): Promise<unknown>;
    Plots: { resize(place: HTMLElement): Promise<unknown> };
  };
  export default Plotly;
}
