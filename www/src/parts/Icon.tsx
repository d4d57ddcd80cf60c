const PATHS = {
  reset: 'M2 2h2v10H2zM12 2v10L5 7z',
  back: 'M9 2v10L3 7zM10.5 2H12v10h-1.5z',
  play: 'M3 2v10l9-5z',
  pause: 'M3 2h3v10H3zM8 2h3v10H8z',
  forward: 'M5 2v10l6-5zM2 2h1.5v10H2z',
  end: 'M10 2h2v10h-2zM2 2v10l7-5z',
  close: 'M3.2 2.2 7 6l3.8-3.8 1 1L8 7l3.8 3.8-1 1L7 8l-3.8 3.8-1-1L6 7 2.2 3.2z',
  enlarge: 'M2 2h4.5v1.5h-2L7 6 6 7 3.5 4.5v2H2zM12 12H7.5v-1.5h2L7 8l1-1 2.5 2.5v-2H12z',
  restore: 'M7 7H2.5V5.5h2L2 3l1-1 2.5 2.5v-2H7zM7 7h4.5v1.5h-2L12 11l-1 1-2.5-2.5v2H7z',
  stop: 'M3 3h8v8H3z',
  plus: 'M6.2 2h1.6v4.2H12v1.6H7.8V12H6.2V7.8H2V6.2h4.2z',
  minus: 'M2 6.2h10v1.6H2z',
  dice: 'M2 2h10v10H2zM4 4v2h2V4zM8 4v2h2V4zM4 8v2h2V8zM8 8v2h2V8z',
  system: 'M7 1a6 6 0 1 1 0 12A6 6 0 0 1 7 1zm0 1.5v9a4.5 4.5 0 0 0 0-9z',
  light: 'M7 4a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM6.3.5h1.4v2H6.3zM6.3 11.5h1.4v2H6.3zM.5 6.3h2v1.4h-2zM11.5 6.3h2v1.4h-2zM2 3l1-1 1.4 1.4-1 1zM9.6 10.6l1-1L12 11l-1 1zM11 2l1 1-1.4 1.4-1-1zM2 11l1.4-1.4 1 1L3 12z',
  dark: 'M5.6 1.2a5.4 5.4 0 0 0 7 7.3A6 6 0 1 1 5.6 1.2z',
} as const

/** A small picture in the colour of the text beside it. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" fill-rule="evenodd">
      <path d={PATHS[name]} fill="currentColor" />
    </svg>
  )
}
