import type { ChoiceOption } from '../../pkg/flags/flags.js'

type Props = {
  name: string
  value: string
  options: readonly ChoiceOption[]
  disabled?: boolean
  onChange(value: string): void
}

/** A list to choose one entry from. */
export function Select({ name, value, options, disabled = false, onChange }: Props) {
  return (
    <select
      class="field select"
      aria-label={name}
      title={name}
      value={value}
      disabled={disabled}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}
