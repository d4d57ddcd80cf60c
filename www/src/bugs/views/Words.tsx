/** A paragraph whose words in `backticks` are code. */
export const Words = ({ text }: { text: string }) => (
  <p>{text.split('`').map((part, place) => (place % 2 === 1 ? <code key={place}>{part}</code> : part))}</p>
)
